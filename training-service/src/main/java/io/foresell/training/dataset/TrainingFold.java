package io.foresell.training.dataset;

import io.foresell.model.InputField;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.model.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The rows a model may be fitted on, and nothing else. Immutable. */
public final class TrainingFold {
    private final TrainingSet set;
    private final int[] rowIndexes;
    /** Columns that rows are read from in place of the stored ones, by feature; each has a value for every row of the set. */
    private final Map<String, TrainingColumn> replaced;

    private final boolean isCleaned;

    TrainingFold(TrainingSet set, int[] rowIndexes) {
        this(set, rowIndexes, Map.of(), false);
    }

    private TrainingFold(TrainingSet set, int[] rowIndexes, Map<String, TrainingColumn> replaced, boolean isCleaned) {
        this.set = set;
        this.rowIndexes = rowIndexes;
        this.replaced = replaced;
        this.isCleaned = isCleaned;
    }

    /** Returns all rows of the set. */
    public static TrainingFold all(TrainingSet set) {
        int[] rows = new int[set.rowCount()];
        Arrays.setAll(rows, i -> i);
        return new TrainingFold(set, rows);
    }

    /** Returns the places of the rows in the training set; a copy. */
    public int[] rowIndexes() {
        return rowIndexes.clone();
    }

    /** Returns the number of rows. */
    public int rowCount() {
        return rowIndexes.length;
    }

    /** Returns the features that have a value in at least one row, in the feature set's order. */
    public List<InputField> fieldsWithValues() {
        return set.fieldsWithValues(rowIndexes);
    }

    /** Returns the rows as a model with this signature reads them. */
    public Rows rows(Signature signature) {
        return set.rows(rowIndexes, signature, replaced);
    }

    /** Returns what kind of question the labels answer. */
    public Task task() {
        return set.task();
    }

    /** Returns the classes of the whole set, in the order of their texts; empty unless MULTICLASS. */
    public List<String> classes() {
        return set.classes();
    }

    /** Returns per row 1 or 0, the index of its class, or its value; all 0 without labels. */
    public float[] labels() {
        float[] labels = new float[rowIndexes.length];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = (float) set.label(rowIndexes[i]);
        }
        return labels;
    }

    /** Returns the groups within which the rows are ranked; null where none were declared. */
    public @Nullable RowGroups groups() {
        return set.groups(rowIndexes);
    }

    /** Returns the mean label: of two classes, the share of positive rows. */
    public double meanLabel() {
        return Arrays.stream(rowIndexes).mapToDouble(set::label).average().orElse(0);
    }

    /** Returns the share of rows per class of a MULTICLASS fold. */
    public double[] classShares() {
        double[] shares = new double[set.classes().size()];
        for (int row : rowIndexes) {
            shares[(int) set.label(row)] += 1.0 / rowIndexes.length;
        }
        return shares;
    }

    /** Returns the entity of a row. */
    public String entityKey(int row) {
        return set.entityKey(rowIndexes[row]);
    }

    /** Returns the instant a row is seen from, milliseconds since the epoch. */
    public long timeMillis(int row) {
        return set.timeMillis(rowIndexes[row]);
    }

    /** Returns the rows that stay, marked as cleaned: so are all parts of them. */
    public TrainingFold cleaned(boolean[] isKept) {
        return new TrainingFold(set, indexes(isKept, true), replaced, true);
    }

    /** Returns whether rows that may be left out have been, here or in a fold that this is a part of. */
    public boolean isCleaned() {
        return isCleaned;
    }

    /** Returns these rows with other values of a single number. */
    public TrainingFold with(String feature, float[] values) {
        float[] all = new float[set.rowCount()];
        for (int i = 0; i < values.length; i++) {
            all[rowIndexes[i]] = values[i];
        }
        return with(feature, new TrainingColumn.Numbers(InputField.number(feature), all));
    }

    /** Returns these rows with other values of a text; an empty one is missing. */
    public TrainingFold with(String feature, String[] texts) {
        Map<String, Integer> codeByText = new LinkedHashMap<>();
        int[] codes = new int[set.rowCount()];
        Arrays.fill(codes, -1);
        for (int i = 0; i < texts.length; i++) {
            if (!texts[i].isEmpty()) {
                codes[rowIndexes[i]] = codeByText.computeIfAbsent(texts[i], added -> codeByText.size());
            }
        }
        List<String> dictionary = List.copyOf(codeByText.keySet());
        return with(feature, new TrainingColumn.Texts(InputField.text(feature), dictionary, codes));
    }

    private TrainingFold with(String feature, TrainingColumn column) {
        Map<String, TrainingColumn> more = new HashMap<>(replaced);
        more.put(feature, column);
        return new TrainingFold(set, rowIndexes, more, isCleaned);
    }

    /** Returns these rows with the values of the set. */
    public TrainingFold asStored() {
        return replaced.isEmpty() ? this : new TrainingFold(set, rowIndexes, Map.of(), isCleaned);
    }

    /** Returns the earliest instant of a row; 0 without rows. */
    public long earliestMillis() {
        return Arrays.stream(rowIndexes).mapToLong(set::timeMillis).min().orElse(0);
    }

    /** Returns the latest instant of a row; 0 without rows. */
    public long latestMillis() {
        return Arrays.stream(rowIndexes).mapToLong(set::timeMillis).max().orElse(0);
    }

    /** Two disjoint parts of a training fold. */
    public record Parts(TrainingFold fitted, TrainingFold heldBack) {}

    /**
     * Holds back a random share of the rows, the same for the same seed, all classes in proportion.
     *
     * @param share in (0, 1)
     */
    public Parts holdBack(double share, long seed) {
        boolean[] isHeldBack = new boolean[rowCount()];
        Random random = new Random(seed);
        for (int[] places : strata()) {
            int count = (int) Math.round(share * places.length);
            for (int i = 0; i < count; i++) {
                int chosen = i + random.nextInt(places.length - i);
                int place = places[chosen];
                places[chosen] = places[i];
                isHeldBack[place] = true;
            }
        }
        return new Parts(part(isHeldBack, false), part(isHeldBack, true));
    }

    /**
     * Divides the rows several times into a fitted and a held-back part, the same way for the same seed. Each row is held back
     * once, classes are in proportion, and an entity is never on both sides.
     *
     * @param count 2 or more; fewer parts when one of two classes has fewer entities
     */
    public List<Parts> innerFolds(int count, long seed) {
        List<List<int[]>> strata = entitiesByClass();
        int rarest = strata.stream().mapToInt(List::size).min().orElse(0);
        int folds = task() == Task.BINARY ? Math.max(2, Math.min(count, rarest)) : count;
        int[] foldOf = new int[rowCount()];
        Random random = new Random(seed);
        int next = 0;
        for (List<int[]> entities : strata) {
            Collections.shuffle(entities, random);
            for (int[] places : entities) {
                for (int place : places) {
                    foldOf[place] = next % folds;
                }
                next++;
            }
        }
        return IntStream.range(0, folds)
                .mapToObj(fold -> heldBack(foldOf, fold))
                .toList();
    }

    private Parts heldBack(int[] foldOf, int fold) {
        boolean[] isHeldBack = new boolean[foldOf.length];
        for (int place = 0; place < foldOf.length; place++) {
            isHeldBack[place] = foldOf[place] == fold;
        }
        return new Parts(part(isHeldBack, false), part(isHeldBack, true));
    }

    /** Returns the places of each entity, by the class of its first row; classes without rows are left out. */
    private List<List<int[]>> entitiesByClass() {
        Map<String, List<Integer>> placesOf = new LinkedHashMap<>();
        for (int place = 0; place < rowIndexes.length; place++) {
            placesOf.computeIfAbsent(set.entityKey(rowIndexes[place]), key -> new ArrayList<>(1))
                    .add(place);
        }
        boolean hasClasses = task() == Task.BINARY || task() == Task.MULTICLASS;
        Map<Double, List<int[]>> strata = new TreeMap<>();
        for (List<Integer> places : placesOf.values()) {
            double label = hasClasses ? set.label(rowIndexes[places.get(0)]) : 0;
            strata.computeIfAbsent(label, key -> new ArrayList<>())
                    .add(places.stream().mapToInt(Integer::intValue).toArray());
        }
        return List.copyOf(strata.values());
    }

    /** Returns the places of each class, the positive one first; all places at once where there are no classes. */
    private List<int[]> strata() {
        return switch (task()) {
            case BINARY -> List.of(placesOf(1), placesOf(0));
            case MULTICLASS -> IntStream.range(0, classes().size())
                    .mapToObj(this::placesOf)
                    .toList();
            case REGRESSION, CLUSTERS, RANKING -> List.of(
                    IntStream.range(0, rowCount()).toArray());
        };
    }

    private int[] placesOf(double label) {
        return IntStream.range(0, rowCount())
                .filter(i -> set.label(rowIndexes[i]) == label)
                .toArray();
    }

    private TrainingFold part(boolean[] isHeldBack, boolean wanted) {
        return new TrainingFold(set, indexes(isHeldBack, wanted), replaced, isCleaned);
    }

    private int[] indexes(boolean[] marks, boolean wanted) {
        return IntStream.range(0, rowCount())
                .filter(i -> marks[i] == wanted)
                .map(i -> rowIndexes[i])
                .toArray();
    }
}
