/**
 * Specs as people write them. YAML text comes in, proto messages go out, and back; every error names file, line, path,
 * value and expectation. Knows no network and no terminal.
 */
@NullMarked
package io.foresell.cli.spec;

import org.jspecify.annotations.NullMarked;
