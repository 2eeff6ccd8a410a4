package io.foresell.inference.serve;

import io.foresell.proto.inference.v1.InferenceServiceGrpc;
import io.foresell.proto.inference.v1.ListLoadedModelsRequest;
import io.foresell.proto.inference.v1.ListLoadedModelsResponse;
import io.foresell.proto.inference.v1.ScoreRequest;
import io.foresell.proto.inference.v1.ScoreResponse;
import io.foresell.proto.inference.v1.ScoreStreamRequest;
import io.foresell.proto.inference.v1.ScoreStreamResponse;
import io.foresell.proto.prediction.v1.PredictionKind;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.StreamObserver;

/** The methods of the inference service, each handed to what answers it. */
public final class InferenceEndpoint implements InferenceServiceGrpc.AsyncService, BindableService {
    private final Scoring scoring;
    private final ScoreStreams streams;
    private final BulkStreams bulkStreams;
    private final LoadedModels loadedModels;

    /** Makes the service; the parts stay the caller's. */
    public InferenceEndpoint(ServeParts parts) {
        SlotChoice slots = new SlotChoice(parts.board(), parts.states());
        ParkedModels parked = new ParkedModels(parts.board(), parts.demands());
        ScoreErrors errors = new ScoreErrors(parts.domain());
        this.scoring = new Scoring(
                parts.board(),
                slots,
                parked,
                parts.lookup(),
                parts.heavyLane(),
                parts.limit(),
                parts.shadows(),
                new Recording(parts.log(), PredictionKind.PREDICTION_KIND_ONLINE),
                parts.meters());
        this.streams = new ScoreStreams(scoring, parts.admission(), parts.quotas(), errors);
        this.bulkStreams = new BulkStreams(parts, slots, parked, errors);
        this.loadedModels = new LoadedModels(parts);
    }

    @Override
    public ServerServiceDefinition bindService() {
        return bulkStreams.unparsed(InferenceServiceGrpc.bindService(this));
    }

    @Override
    public void listLoadedModels(ListLoadedModelsRequest request, StreamObserver<ListLoadedModelsResponse> responses) {
        responses.onNext(loadedModels.list());
        responses.onCompleted();
    }

    @Override
    public void score(ScoreRequest request, StreamObserver<ScoreResponse> responses) {
        scoring.score(request, responses);
    }

    @Override
    public StreamObserver<ScoreStreamRequest> scoreStream(StreamObserver<ScoreStreamResponse> responses) {
        return streams.open(responses);
    }

    /** Ends all streams when what they have begun is answered; those that open later end at once. */
    public void drain() {
        streams.drain();
        bulkStreams.drain();
    }
}
