package io.foresell.cli.command;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.proto.feature.v1.EraseEntityRequest;
import io.foresell.proto.feature.v1.EraseEntityResponse;
import io.foresell.proto.feature.v1.ErasedPart;
import io.foresell.proto.feature.v1.ErasureReceipt;
import io.foresell.proto.feature.v1.ErasureServiceGrpc.ErasureServiceImplBase;
import io.foresell.proto.feature.v1.ListErasureReceiptsRequest;
import io.foresell.proto.feature.v1.ListErasureReceiptsResponse;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;

/** Knows the entity "customer", of which everybody has 3 orders. */
final class FixtureErasures extends ErasureServiceImplBase {
    final List<EraseEntityRequest> asked = new ArrayList<>();

    private static ErasureReceipt receipt(EraseEntityRequest request) {
        return ErasureReceipt.newBuilder()
                .setReceiptId(request.getIsDryRun() ? "" : "receipt-1")
                .setEntity(request.getEntity())
                .setErasedAtMillis(1_717_200_000_000L)
                .setCaller("key:admin")
                .setActor(request.getActor())
                .setReason(request.getReason())
                .addParts(ErasedPart.newBuilder()
                        .setPlace("history")
                        .setView("orders")
                        .setCount(3))
                .build();
    }

    @Override
    public void eraseEntity(EraseEntityRequest request, StreamObserver<EraseEntityResponse> observer) {
        FixtureServer.answer(observer, () -> {
            if (!request.getEntity().equals("customer")) {
                throw new ServiceException(Failure.notFound("entity", request.getEntity(), "a defined entity"));
            }
            asked.add(request);
            return EraseEntityResponse.newBuilder().setReceipt(receipt(request)).build();
        });
    }

    @Override
    public void listErasureReceipts(
            ListErasureReceiptsRequest request, StreamObserver<ListErasureReceiptsResponse> observer) {
        FixtureServer.answer(observer, () -> {
            ListErasureReceiptsResponse.Builder response = ListErasureReceiptsResponse.newBuilder();
            asked.forEach(each -> response.addReceipts(receipt(each)));
            return response.build();
        });
    }
}
