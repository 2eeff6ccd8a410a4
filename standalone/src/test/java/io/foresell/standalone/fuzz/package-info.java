/** Seeded wrong requests, over raw sockets: dice make cases, wires send them, laws judge what comes back. */
package io.foresell.standalone.fuzz;
