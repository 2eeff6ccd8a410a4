/**
 * What a person sees. Texts and numbers come in, lines for the terminal go out: answers to standard output, progress and
 * remarks to standard error. Knows no domain.
 */
@NullMarked
package io.foresell.cli.terminal;

import org.jspecify.annotations.NullMarked;
