/**
 * One class per command. Options come in, calls go to the services, the answer goes to the terminal as text or JSON, and an
 * exit code goes out. Commands keep nothing between runs.
 */
@NullMarked
package io.foresell.cli.command;

import org.jspecify.annotations.NullMarked;
