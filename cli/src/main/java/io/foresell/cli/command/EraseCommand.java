package io.foresell.cli.command;

import io.foresell.cli.terminal.Table;
import io.foresell.proto.feature.v1.EraseEntityRequest;
import io.foresell.proto.feature.v1.EraseEntityResponse;
import io.foresell.proto.feature.v1.ErasedPart;
import io.foresell.proto.feature.v1.ErasureReceipt;
import io.foresell.proto.feature.v1.ListErasureReceiptsRequest;
import io.foresell.proto.feature.v1.ListErasureReceiptsResponse;
import io.foresell.proto.registry.v1.ListModelsRequest;
import io.foresell.proto.registry.v1.Model;
import io.grpc.StatusRuntimeException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Forgets a person, or any other entity, whole. */
@Command(
        name = "erase",
        sortOptions = false,
        description = {
            "Erase an entity, such as a customer, for good: features, events, labels, quarantined rows, predictions, outcomes.",
            "Prints a receipt that says what went from where and names nobody. Doing it again is safe."
        })
final class EraseCommand implements Callable<Integer> {
    private final Session session;

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(index = "0", arity = "0..1", paramLabel = "ENTITY", description = "The entity, such as customer.")
    private String entity = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "KEY", description = "The key to forget.")
    private String key = "";

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            order = 1,
            description = "Why; kept with the receipt, so do not name the person.")
    private String reason = "";

    @Option(names = "--dry-run", order = 2, description = "Count what would go, erase nothing.")
    private boolean isDryRun;

    @Option(names = "--receipts", order = 3, description = "List receipts: of ENTITY and KEY, or all.")
    private boolean isListing;

    EraseCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (isListing) {
            return list();
        }
        if (spec != null && (entity.isEmpty() || key.isEmpty())) {
            throw new ParameterException(
                    spec.commandLine(), "erase: ENTITY and KEY are needed (expected: foresell erase customer C-1042)");
        }
        EraseEntityResponse response = session.services()
                .erasure()
                .eraseEntity(EraseEntityRequest.newBuilder()
                        .setEntity(entity)
                        .setEntityKey(key)
                        .setReason(reason)
                        .setActor(session.actor())
                        .setIsDryRun(isDryRun)
                        .build());
        session.answer(response, () -> print(response.getReceipt()));
        return ExitCode.OK;
    }

    private void print(ErasureReceipt receipt) {
        Table table = new Table("place", "view", isDryRun ? "would go" : "removed");
        for (ErasedPart part : receipt.getPartsList()) {
            table.row(part.getPlace(), part.getView(), Shown.count(part.getCount()));
        }
        table.print(session.terminal());
        if (isDryRun) {
            session.terminal().line("nothing was erased");
            return;
        }
        session.terminal().line("erased, receipt %s".formatted(receipt.getReceiptId()));
        session.terminal()
                .line(
                        "inference servers forget it within 10 seconds, one that cannot reach the feature store within a day at most");
        String models = modelsOf(receipt.getEntity());
        if (!models.isEmpty()) {
            session.terminal()
                    .line("trained models keep what they learnt from all rows of a %s: %s"
                            .formatted(receipt.getEntity(), models));
        }
    }

    /** What was erased is erased, whether the registry answers or not. */
    private String modelsOf(String ofEntity) {
        try {
            return session
                    .services()
                    .registry()
                    .listModels(ListModelsRequest.getDefaultInstance())
                    .getModelsList()
                    .stream()
                    .filter(model -> model.getLatestVersion().getEntity().equals(ofEntity))
                    .map(Model::getName)
                    .collect(Collectors.joining(", "));
        } catch (StatusRuntimeException e) {
            return "the registry does not answer at the moment";
        }
    }

    private int list() {
        ListErasureReceiptsResponse response = session.services()
                .erasure()
                .listErasureReceipts(ListErasureReceiptsRequest.newBuilder()
                        .setEntity(entity)
                        .setEntityKey(key)
                        .setLimit(1000)
                        .build());
        session.answer(response, () -> printAll(response.getReceiptsList()));
        return ExitCode.OK;
    }

    private void printAll(List<ErasureReceipt> receipts) {
        if (receipts.isEmpty()) {
            session.terminal().line("no receipts");
            return;
        }
        Table table = new Table("at", "receipt", "entity", "removed", "who", "said to be", "reason");
        for (ErasureReceipt receipt : receipts) {
            table.row(
                    Instant.ofEpochMilli(receipt.getErasedAtMillis()).toString(),
                    receipt.getReceiptId(),
                    receipt.getEntity(),
                    Shown.count(receipt.getPartsList().stream()
                            .mapToLong(ErasedPart::getCount)
                            .sum()),
                    receipt.getCaller(),
                    receipt.getActor(),
                    receipt.getReason());
        }
        table.print(session.terminal());
    }
}
