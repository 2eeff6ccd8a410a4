/** The gateway as a caller sees it: over HTTP in front, over gRPC to fixture servers behind. */
package io.foresell.gateway;
