/** The package file: parts enter and deterministic bytes leave, or untrusted bytes enter and a verified, compiled, replayed model leaves. */
@NullMarked
package io.foresell.model.pack;

import org.jspecify.annotations.NullMarked;
