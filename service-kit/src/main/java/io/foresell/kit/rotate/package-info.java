/**
 * Values read from files that change while the process runs: certificates, keys, who may do what. Bytes enter, the newest good
 * value leaves; a bad file never replaces a good value and says so in metrics and {@code /readyz}. Knows nothing of what it reads.
 */
@NullMarked
package io.foresell.kit.rotate;

import org.jspecify.annotations.NullMarked;
