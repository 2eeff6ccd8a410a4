package io.foresell.inference.serve.tensor;

import io.foresell.inference.ladder.Cause;
import io.foresell.inference.ladder.Rung;
import io.foresell.inference.lookup.RowProjection;
import io.foresell.inference.route.CallStatistics;
import io.foresell.inference.route.ModelSlot;
import io.foresell.inference.route.ReleaseTerms;
import io.foresell.inference.route.ServedVersion;
import io.foresell.inference.route.SlotLadder;
import io.foresell.inference.route.Usage;
import io.foresell.inference.route.WeightedVersion;
import io.foresell.inference.shadow.AnsweredRows;
import io.foresell.model.InputField;
import io.foresell.model.InputKind;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A version of a released package: a tensor for each input of its signature, or one for all numbers.
 *
 * @param route by which the release chose the version for the request; null when it was named
 * @param key of the request's subject; 0 when the version was named
 * @param cause why it answers in place of the version that the release chose; null when it does not
 */
record PackageModel(
        ModelSlot slot, ServedVersion served, @Nullable WeightedVersion route, long key, @Nullable Cause cause)
        implements TensorModel {
    private static final int LABELS_LISTED = 1000;

    /** Returns a version that was named, or that is only described. */
    static PackageModel named(ModelSlot slot, ServedVersion served) {
        return new PackageModel(slot, served, null, 0, null);
    }

    /** Returns the version that a release chooses for a subject. */
    static PackageModel routed(ModelSlot slot, long key) {
        WeightedVersion route = slot.routeFor(key);
        return new PackageModel(slot, route.served(), route, key, null);
    }

    /** Returns another version of the release that answers in place of the one chosen. */
    PackageModel replacedBy(ServedVersion other, Cause why) {
        return new PackageModel(slot, other, route, key, why);
    }

    /** Returns the version that was chosen or named: its inputs and outputs are those that the client asks by. */
    ServedVersion asked() {
        return route == null ? served : route.served();
    }

    /** Returns what may answer in its place; null when nothing does, or does already. */
    @Nullable
    SlotLadder ladder() {
        return route == null || cause != null ? null : slot.ladder();
    }

    /** Returns where answers count as medium or high; null when the package's own hold, as those of a fallback always do. */
    ReleaseTerms.@Nullable Bands bands() {
        return cause == null ? slot.terms().bands() : null;
    }

    @Override
    public void answered(long totalNanos, int rowCount) {
        if (route == null) {
            return;
        }
        if (cause == null) {
            route.counts().answered(totalNanos);
        } else { // no success of the version chosen
            route.counts().degradedCall();
            route.counts().degradedRows(Rung.FALLBACK, cause, rowCount);
        }
    }

    @Override
    public void failed(Throwable error) {
        if (route != null) {
            route.counts().failed(error);
        }
    }

    @Override
    public boolean isHeldOut() {
        return route != null && slot.isHeldOut(key);
    }

    @Override
    public String name() {
        return slot.model();
    }

    @Override
    public String version() {
        return Integer.toString(served.version());
    }

    @Override
    public List<String> versions() {
        return slot.routes().stream()
                .map(route -> Integer.toString(route.served().version()))
                .toList();
    }

    @Override
    public String platform() {
        return "foresell_onnx";
    }

    @Override
    public List<TensorSpec> inputs() {
        List<TensorSpec> specs = new ArrayList<>();
        for (InputField field : signature().inputs()) {
            Datatype datatype = field.kind() == InputKind.TEXT ? Datatype.BYTES : Datatype.FP32;
            specs.add(TensorSpec.of(field.name(), datatype, TensorSpec.ANY, field.width()));
        }
        return specs;
    }

    @Override
    public List<TensorSpec> outputs() {
        return PackageOutput.specsOf(served);
    }

    @Override
    public int maxRows() {
        return PackageRows.MAX_ROWS;
    }

    @Override
    public Map<String, String> facts() {
        Map<String, String> facts = new TreeMap<>();
        facts.put("task", served.modelPackage().manifest().getTask());
        facts.put("algorithm", served.modelPackage().manifest().getAlgorithm());
        facts.put("engine", served.scorer().engine());
        facts.put("digest", served.digest());
        if (PackageRows.takesMatrix(signature())) {
            facts.put(
                    "matrix_input",
                    "%s FP32 [-1, %d]".formatted(PackageRows.MATRIX, signature().numberWidth()));
        }
        List<String> labels = served.modelPackage().answer().labels();
        if (!labels.isEmpty() && labels.size() <= LABELS_LISTED) {
            facts.put("labels", JsonText.array(labels));
        }
        return facts;
    }

    @Override
    public CallStatistics statistics() {
        return served.statistics();
    }

    @Override
    public Usage usage() {
        return slot.usage();
    }

    @Override
    public double nanos(TensorRequest request) {
        boolean isExplained = request.parameters().values().containsKey("reason_count")
                || request.outputs().stream().anyMatch(output -> output.name().equals("reasons"));
        return served.rowCost().nanos(request.rowCount(), isExplained);
    }

    @Override
    public List<OutputTensor> infer(TensorRequest request, RowIds ids, Phases phases, Consumer<AnsweredRows> shadows) {
        PackageQuestion question = PackageQuestion.of(request, asked());
        WeightedVersion counted = cause == null ? route : null;
        Decisions decisions = new Decisions(served, bands(), counted == null ? 0 : request.rowCount());
        PackageAnswer answer = new PackageAnswer(served, question, request.rowCount(), ids, decisions);
        Rows rows = rows(request, question);
        phases.read();
        List<OutputTensor> outputs = answer.of(rows, phases);
        served.meters().scored(rows.rowCount(), phases.inferNanos());
        if (counted != null) {
            decisions.count(counted.counts(), isHeldOut());
        }
        if (counted != null && !slot.shadows().isEmpty()) {
            shadows.accept(decisions.answered(slot, rows, key, ids));
        }
        return outputs;
    }

    /** Returns the rows of a request as this version reads them. */
    Rows rows(TensorRequest request, PackageQuestion question) {
        Signature from = asked().modelPackage().signature();
        Rows rows = PackageRows.read(request, from, question.allowsMissing());
        return from.equals(signature())
                ? rows
                : RowProjection.project(
                        rows, from, IntStream.range(0, rows.rowCount()).toArray(), signature());
    }

    private Signature signature() {
        return served.modelPackage().signature();
    }
}
