/**
 * Certificates of a process. PEM files enter, key and trust managers leave, which take rotated files into use for the next
 * handshake and leave connections alone. Knows no settings and no services.
 */
@NullMarked
package io.foresell.kit.tls;

import org.jspecify.annotations.NullMarked;
