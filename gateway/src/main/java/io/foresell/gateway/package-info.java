/**
 * What every request passes on its way in: token, JSON rules, meters and spans. Requests enter at {@code rest}, leave
 * through {@code backend}; what goes wrong leaves through {@code problem}. Nothing depends on this package.
 */
@NullMarked
package io.foresell.gateway;

import org.jspecify.annotations.NullMarked;
