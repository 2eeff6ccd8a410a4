/**
 * Signatures of model packages, Ed25519 by the JDK. A package's digest enters, a signature leaves; or a digest with signatures
 * enters and is trusted or refused. Knows no packages and no registry.
 */
@NullMarked
package io.foresell.kit.sign;

import org.jspecify.annotations.NullMarked;
