package io.foresell.cli.source;

import io.foresell.cli.spec.YamlProtos;
import io.foresell.kit.Failure;
import io.foresell.kit.Names;
import io.foresell.kit.ServiceException;
import io.foresell.proto.feature.v1.Cleaning;
import io.foresell.proto.feature.v1.Column;
import io.foresell.proto.feature.v1.Definition;
import io.foresell.proto.feature.v1.FeatureRef;
import io.foresell.proto.feature.v1.FeatureSet;
import io.foresell.proto.feature.v1.FeatureView;
import io.foresell.proto.feature.v1.KnownTimeRule;
import io.foresell.proto.feature.v1.LabelView;
import io.foresell.proto.feature.v1.ValueType;
import io.foresell.proto.feature.v1.ViewKind;
import io.foresell.proto.training.v1.FoldBy;
import io.foresell.proto.training.v1.KFoldSplit;
import io.foresell.proto.training.v1.Split;
import io.foresell.proto.training.v1.TimeSplit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Drafts a feature view, a label view, a feature set and a training spec from a file, as YAML for a person to edit. */
public final class ViewDraft {
    private final CsvFile csv;
    private final Request request;
    private final Map<String, ColumnProfile> profiles = new LinkedHashMap<>();
    private final Set<String> keys = new HashSet<>();
    private long repeatedKeyCount;
    private long blankKeyCount;

    /**
     * Says what is known about the file beforehand. Column names are as in the header; an empty text means none.
     *
     * @param name the feature view's name
     * @param entity what a row describes
     * @param key the column of the entity's key
     * @param label the column to be predicted
     * @param labelPositive the text of the label that counts as positive
     * @param eventTime the column of the event time
     * @param eventId the column of the event id
     * @param ignored columns to leave out
     */
    public record Request(
            String name,
            String entity,
            String key,
            String label,
            String labelPositive,
            String eventTime,
            String eventId,
            List<String> ignored) {
        public Request {
            ignored = List.copyOf(ignored);
        }
    }

    private ViewDraft(CsvFile csv, Request request) {
        this.csv = csv;
        this.request = request;
    }

    /**
     * Reads the whole file and returns the draft.
     *
     * @throws ServiceException INVALID_ARGUMENT when a column named is not in the file or the label has no usable form
     */
    public static ViewDraft of(CsvFile csv, Request request) {
        ViewDraft draft = new ViewDraft(csv, request);
        Names.require("--name", request.name());
        Names.require("--entity", request.entity());
        draft.requireColumn("--key", request.key());
        draft.requireColumnIfGiven("--label", request.label());
        draft.requireColumnIfGiven("--event-time", request.eventTime());
        draft.requireColumnIfGiven("--event-id", request.eventId());
        request.ignored().forEach(column -> draft.requireColumn("--ignore", column));
        draft.readRows();
        draft.requireUsableLabel();
        return draft;
    }

    private void requireColumnIfGiven(String option, String column) {
        if (!column.isEmpty()) {
            requireColumn(option, column);
        }
    }

    private void requireColumn(String option, String column) {
        if (!csv.columns().contains(column)) {
            throw new ServiceException(Failure.invalid(
                    "COLUMN_UNKNOWN",
                    option,
                    column,
                    "a column of %s; nearest: %s"
                            .formatted(csv.file().getFileName(), Names.nearest(column, csv.columns()))));
        }
    }

    private void readRows() {
        List<String> columns = csv.columns();
        columns.forEach(column -> profiles.put(column, new ColumnProfile()));
        ColumnProfile[] byPlace = profiles.values().toArray(new ColumnProfile[0]);
        int keyPlace = columns.indexOf(request.key());
        csv.forEachRow((lineNumber, values) -> {
            for (int i = 0; i < byPlace.length; i++) {
                byPlace[i].add(i < values.size() ? values.get(i) : "", lineNumber);
            }
            addKey(keyPlace < values.size() ? values.get(keyPlace).strip() : "");
        });
    }

    private void addKey(String key) {
        if (key.isEmpty()) {
            blankKeyCount++;
        } else if (!keys.add(key)) {
            repeatedKeyCount++;
        }
    }

    private ColumnProfile profile(String column) {
        ColumnProfile profile = profiles.get(column);
        if (profile == null) {
            throw new IllegalStateException("column not profiled: " + column);
        }
        return profile;
    }

    private void requireUsableLabel() {
        if (request.label().isEmpty()) {
            return;
        }
        ColumnProfile label = profile(request.label());
        if (!request.labelPositive().isEmpty() && !label.distinct().contains(request.labelPositive())) {
            throw new ServiceException(Failure.invalid(
                    "LABEL_POSITIVE_UNKNOWN",
                    "--label-positive",
                    request.labelPositive(),
                    "a text of column " + request.label() + ": " + examples(label)));
        }
        boolean isTwoTexts = label.type() == ValueType.VALUE_TYPE_TEXT && label.distinctCount() == 2;
        if (isTwoTexts && request.labelPositive().isEmpty()) {
            throw new ServiceException(Failure.invalid(
                    "LABEL_POSITIVE_MISSING", "--label-positive", "", "one of the label's texts: " + examples(label)));
        }
    }

    private static String examples(ColumnProfile profile) {
        return String.join(", ", profile.distinct().stream().limit(5).toList());
    }

    /** Returns the names of the views that take rows from the file. */
    public List<String> viewNames() {
        return request.label().isEmpty() ? List.of(request.name()) : List.of(request.name(), labelName());
    }

    /** Returns the name of the feature set drafted. */
    public String featureSetName() {
        return request.name() + "_features";
    }

    private String labelName() {
        return request.name() + "_" + snake(request.label());
    }

    /** Returns a text in the form of a definition's name. */
    public static String snake(String text) {
        String words = text.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
        String name = words.replaceAll("[^a-z0-9]+", "_").replaceAll("^[_0-9]+|_+$", "");
        return name.isEmpty() ? "label" : name.substring(0, Math.min(40, name.length()));
    }

    /** Returns remarks about the whole file that deserve attention; usually none. */
    public List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        if (repeatedKeyCount > 0) {
            warnings.add(
                    ("%d rows repeat a key of column %s: as a snapshot the last row of a key wins; if rows are events, "
                                    + "write kind: events and aggregations")
                            .formatted(repeatedKeyCount, request.key()));
        }
        if (blankKeyCount > 0) {
            warnings.add("%d rows have no key in column %s: they will be quarantined"
                    .formatted(blankKeyCount, request.key()));
        }
        if (!request.label().isEmpty() && profile(request.label()).isConstant()) {
            warnings.add("label %s has one class: %s (a model needs two)"
                    .formatted(request.label(), examples(profile(request.label()))));
        } else if (!request.label().isEmpty()) {
            labelWarning(profile(request.label())).ifPresent(warnings::add);
        }
        return warnings;
    }

    private Optional<String> labelWarning(ColumnProfile label) {
        if (labelKind().isEmpty()) {
            return Optional.of("label %s: %s (expected: classes or numbers; no training spec is drafted)"
                    .formatted(request.label(), label.remark()));
        }
        return label.isLikeCode() && request.labelPositive().isEmpty()
                ? Optional.of(
                        "label %s has %d different whole numbers and is trained as an amount: when they are codes of classes, write type: text"
                                .formatted(request.label(), label.distinctCount()))
                : Optional.empty();
    }

    /** Returns what a model of the label answers; empty without a label, or when it fits none. */
    private Optional<LabelKind> labelKind() {
        if (request.label().isEmpty() || profile(request.label()).isConstant()) {
            return Optional.empty();
        }
        ColumnProfile label = profile(request.label());
        if (!request.labelPositive().isEmpty() || label.type() == ValueType.VALUE_TYPE_BOOLEAN) {
            return Optional.of(LabelKind.TWO_CLASSES);
        }
        return switch (label.type()) {
            case VALUE_TYPE_NUMBER -> Optional.of(LabelKind.VALUES);
            case VALUE_TYPE_TEXT -> label.isHighCardinality() ? Optional.empty() : Optional.of(LabelKind.CLASSES);
            default -> Optional.empty();
        };
    }

    /** Returns the draft as YAML that {@link YamlProtos#definitions} reads. */
    public String yaml() {
        StringBuilder yaml = new StringBuilder();
        warnings().forEach(warning -> yaml.append("# Note: ").append(warning).append('\n'));
        Map<String, String> comments = new LinkedHashMap<>();
        yaml.append(YamlProtos.write(definition(featureView(comments)), comments));
        if (!request.label().isEmpty()) {
            yaml.append("---\n").append(YamlProtos.write(definition(labelView()), Map.of()));
        }
        yaml.append("---\n").append(YamlProtos.write(definition(featureSet()), Map.of()));
        return yaml.toString();
    }

    /** Returns a spec as YAML that {@link YamlProtos#trainingSpec} reads; empty without a label that a model can answer. */
    public Optional<String> trainingYaml() {
        List<SpecDraft.Written> written = writtenColumns();
        boolean hasOthers = featureColumns().size() > written.size();
        return labelKind()
                .map(kind -> new SpecDraft(labelName(), featureSetName(), kind, split(), written, hasOthers).yaml());
    }

    private List<SpecDraft.Written> writtenColumns() {
        return featureColumns().stream()
                .filter(column -> profile(column).isWritten())
                .map(column -> new SpecDraft.Written(column, profile(column).isIdeographic()))
                .toList();
    }

    /** With time, the future judges the past; a key that comes back must not be on both sides of a fold. */
    private Split split() {
        if (!request.eventTime().isEmpty()) {
            return Split.newBuilder()
                    .setTime(TimeSplit.newBuilder().setTestFraction(0.2))
                    .build();
        }
        FoldBy by = repeatedKeyCount > 0 ? FoldBy.FOLD_BY_ENTITY : FoldBy.FOLD_BY_ROW_INDEX;
        return Split.newBuilder()
                .setKFold(KFoldSplit.newBuilder().setK(5).setBy(by))
                .build();
    }

    private static Definition definition(FeatureView view) {
        return Definition.newBuilder().setFeatureView(view).build();
    }

    private static Definition definition(LabelView view) {
        return Definition.newBuilder().setLabelView(view).build();
    }

    private static Definition definition(FeatureSet set) {
        return Definition.newBuilder().setFeatureSet(set).build();
    }

    private FeatureView featureView(Map<String, String> comments) {
        FeatureView.Builder view = FeatureView.newBuilder()
                .setName(request.name())
                .setEntity(request.entity())
                .setKind(ViewKind.VIEW_KIND_SNAPSHOT)
                .setEntityKeyColumn(request.key())
                .setEventTimeColumn(request.eventTime())
                .setEventIdColumn(request.eventId())
                .setDescription("From %s: %d rows".formatted(csv.file().getFileName(), csv.rowCount()));
        if (!request.eventTime().isEmpty()) {
            view.setKnownTime(KnownTimeRule.KNOWN_TIME_RULE_EVENT_TIME);
            comments.put(
                    "feature_view.known_time", "vouches that rows were known at their event time; remove when not");
        }
        for (String column : viewColumns()) {
            comments.put(
                    "feature_view.columns[%d]".formatted(view.getColumnsCount()),
                    profile(column).remark());
            view.addColumns(column(column));
        }
        return view.build();
    }

    private List<String> viewColumns() {
        List<String> columns = new ArrayList<>(csv.columns());
        columns.removeAll(request.ignored());
        columns.removeAll(List.of(request.key(), request.label(), request.eventTime(), request.eventId()));
        return columns;
    }

    private List<String> featureColumns() {
        return viewColumns().stream()
                .filter(column -> profile(column).isFeature())
                .toList();
    }

    private Column column(String name) {
        ColumnProfile profile = profile(name);
        Column.Builder column = Column.newBuilder().setName(name).setType(profile.type());
        if (!profile.missingTexts().isEmpty()) {
            column.setCleaning(Cleaning.newBuilder().addAllMissingTexts(profile.missingTexts()));
        }
        return column.setWidth(profile.listLength()).build();
    }

    private LabelView labelView() {
        boolean isPositiveGiven = !request.labelPositive().isEmpty();
        ValueType type = profile(request.label()).type();
        return LabelView.newBuilder()
                .setName(labelName())
                .setEntity(request.entity())
                .setEntityKeyColumn(request.key())
                .setEventTimeColumn(request.eventTime())
                .setEventIdColumn(request.eventId())
                .setColumn(request.label())
                .setType(isPositiveGiven ? ValueType.VALUE_TYPE_TEXT : type)
                .setPositiveText(request.labelPositive())
                .build();
    }

    private FeatureSet featureSet() {
        FeatureSet.Builder set =
                FeatureSet.newBuilder().setName(featureSetName()).setEntity(request.entity());
        for (String column : featureColumns()) {
            set.addFeatures(FeatureRef.newBuilder().setView(request.name()).setFeature(column));
        }
        return set.build();
    }
}
