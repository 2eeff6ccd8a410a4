/**
 * The REST edge: JSON enters, is mapped to the wire of the services ({@code ...Protos}), and their answers leave as JSON
 * with the names of the proto fields. No decision is made here that a service could make.
 */
@NullMarked
package io.foresell.gateway.rest;

import org.jspecify.annotations.NullMarked;
