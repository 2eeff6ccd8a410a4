package io.foresell.benchmarks.serving;

import io.foresell.proto.inference.v1.LoadedModel;
import io.grpc.Channel;
import java.util.List;

/** Running servers, and the one model whose calls are measured. */
interface Servers extends AutoCloseable {
    /** Returns the version that is measured. */
    LoadedModel loaded();

    MeasuredRow row();

    /** Returns keys of entities whose features can be looked up; none where there is no feature store. */
    List<String> entityKeys();

    /** Returns the inference service, {@code host:port}. */
    String inference();

    /** Returns the gateway's address; empty when there is none. */
    String gateway();

    /** Opens a channel that stays open until these are closed. */
    Channel open(String target);

    /** Returns the processes whose memory is the servers'; none where it is not known. */
    List<Long> pids();

    @Override
    void close();
}
