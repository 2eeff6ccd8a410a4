package io.foresell.feature.ingest;

/** A source row and its instant of ingest, which all views of the stream share. */
record ReceivedRow(SourceRow source, long receivedMillis) {}
