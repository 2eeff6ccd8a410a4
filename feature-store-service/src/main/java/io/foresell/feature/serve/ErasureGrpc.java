package io.foresell.feature.serve;

import io.foresell.feature.erase.EntityEraser;
import io.foresell.feature.erase.ErasureReceipts;
import io.foresell.kit.Caller;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.proto.feature.v1.EraseEntityRequest;
import io.foresell.proto.feature.v1.EraseEntityResponse;
import io.foresell.proto.feature.v1.ErasedEntity;
import io.foresell.proto.feature.v1.ErasedPart;
import io.foresell.proto.feature.v1.ErasureReceipt;
import io.foresell.proto.feature.v1.ErasureServiceGrpc;
import io.foresell.proto.feature.v1.ListErasedEntitiesRequest;
import io.foresell.proto.feature.v1.ListErasedEntitiesResponse;
import io.foresell.proto.feature.v1.ListErasureReceiptsRequest;
import io.foresell.proto.feature.v1.ListErasureReceiptsResponse;
import io.grpc.stub.StreamObserver;
import java.time.Clock;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The erasure service. Neither the log nor a receipt names who was erased. Thread-safe. */
public final class ErasureGrpc extends ErasureServiceGrpc.ErasureServiceImplBase {
    private static final Logger log = LoggerFactory.getLogger(ErasureGrpc.class);
    private static final int MAX_KEY_LENGTH = 512;
    private static final int MAX_ENTITY_LENGTH = 128;
    private static final int MAX_REASON_LENGTH = 500;
    private static final int MAX_ACTOR_LENGTH = 100;
    private static final int MAX_RECEIPTS = 1000;
    private static final int DEFAULT_RECEIPTS = 100;
    private static final int MAX_ERASED = 10_000;
    private static final int MAX_LOOK_BACK_SECONDS = 200_000;

    private final EntityEraser eraser;
    private final ErasureReceipts receipts;
    private final Clock clock;

    public ErasureGrpc(EntityEraser eraser, ErasureReceipts receipts, Clock clock) {
        this.eraser = eraser;
        this.receipts = receipts;
        this.clock = clock;
    }

    @Override
    public void eraseEntity(EraseEntityRequest request, StreamObserver<EraseEntityResponse> observer) {
        requireLength("entity", request.getEntity(), 1, MAX_ENTITY_LENGTH);
        requireLength("entity_key", request.getEntityKey(), 1, MAX_KEY_LENGTH);
        requireLength("reason", request.getReason(), 0, MAX_REASON_LENGTH);
        requireLength("actor", request.getActor(), 0, MAX_ACTOR_LENGTH);
        EntityEraser.Order order = new EntityEraser.Order(
                request.getEntity(),
                request.getEntityKey(),
                Caller.verified(),
                request.getActor(),
                request.getReason());
        var receipt = request.getIsDryRun() ? eraser.look(order) : eraser.erase(order);
        if (!request.getIsDryRun()) {
            log.info(
                    "entity erased receipt={} entity={} count={} caller={}",
                    receipt.id(),
                    receipt.entity(),
                    receipt.parts().stream().mapToLong(part -> part.count()).sum(),
                    receipt.caller());
        }
        observer.onNext(
                EraseEntityResponse.newBuilder().setReceipt(toProto(receipt)).build());
        observer.onCompleted();
    }

    @Override
    public void listErasureReceipts(
            ListErasureReceiptsRequest request, StreamObserver<ListErasureReceiptsResponse> observer) {
        int limit = request.getLimit() == 0 ? DEFAULT_RECEIPTS : request.getLimit();
        if (limit < 1 || limit > MAX_RECEIPTS) {
            throw new ServiceException(
                    Failure.invalid("COUNT_OUT_OF_RANGE", "limit", request.getLimit(), "0.." + MAX_RECEIPTS));
        }
        boolean hasKey = !request.getEntityKey().isEmpty();
        if (hasKey == request.getEntity().isEmpty()) {
            throw new ServiceException(Failure.invalid(
                    "FILTER_REQUIRED", "entity", request.getEntity(), "set together with entity_key, or neither"));
        }
        String digest = hasKey
                ? io.foresell.feature.erase.ErasureReceipt.digest(request.getEntity(), request.getEntityKey())
                : "";
        ListErasureReceiptsResponse.Builder response = ListErasureReceiptsResponse.newBuilder();
        receipts.newest(digest, limit).forEach(receipt -> response.addReceipts(toProto(receipt)));
        observer.onNext(response.build());
        observer.onCompleted();
    }

    @Override
    public void listErasedEntities(
            ListErasedEntitiesRequest request, StreamObserver<ListErasedEntitiesResponse> observer) {
        int seconds = request.getWithinSeconds();
        if (seconds < 1 || seconds > MAX_LOOK_BACK_SECONDS) {
            throw new ServiceException(
                    Failure.invalid("TIME_OUT_OF_RANGE", "within_seconds", seconds, "1.." + MAX_LOOK_BACK_SECONDS));
        }
        var found = receipts.since(clock.millis() - TimeUnit.SECONDS.toMillis(seconds), MAX_ERASED + 1);
        ListErasedEntitiesResponse.Builder response =
                ListErasedEntitiesResponse.newBuilder().setHasMore(found.size() > MAX_ERASED);
        found.stream()
                .limit(MAX_ERASED)
                .forEach(receipt -> response.addErased(
                        ErasedEntity.newBuilder().setEntity(receipt.entity()).setKeyDigest(receipt.keyDigest())));
        observer.onNext(response.build());
        observer.onCompleted();
    }

    private static ErasureReceipt toProto(io.foresell.feature.erase.ErasureReceipt receipt) {
        ErasureReceipt.Builder message = ErasureReceipt.newBuilder()
                .setReceiptId(receipt.id())
                .setEntity(receipt.entity())
                .setKeyDigest(receipt.keyDigest())
                .setErasedAtMillis(receipt.erasedAtMillis())
                .setCaller(receipt.caller())
                .setActor(receipt.actor())
                .setReason(receipt.reason());
        receipt.parts()
                .forEach(part -> message.addParts(ErasedPart.newBuilder()
                        .setPlace(part.place())
                        .setView(part.view())
                        .setCount(part.count())));
        return message.build();
    }

    private static void requireLength(String field, String value, int min, int max) {
        if (value.length() < min || value.length() > max) {
            // What may be a person's key is not repeated.
            throw new ServiceException(Failure.invalid(
                    "ERASURE_INVALID",
                    field,
                    "%d characters".formatted(value.length()),
                    "%d to %d characters".formatted(min, max)));
        }
    }
}
