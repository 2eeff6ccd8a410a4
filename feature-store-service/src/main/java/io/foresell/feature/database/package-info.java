/**
 * MongoDB as this service uses it: a connection string enters, collections and guarded calls leave. Owns the client and turns
 * every driver error into a failure; nothing here knows features.
 */
@NullMarked
package io.foresell.feature.database;

import org.jspecify.annotations.NullMarked;
