package io.foresell.cli.source;

import io.foresell.proto.feature.v1.ValueType;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the cells of one column look like over a whole file; says which type fits and why. Not thread-safe. */
final class ColumnProfile {
    /** Different values counted exactly; above it a column only "has more". */
    static final int MAX_DISTINCT = 1000;

    private static final Pattern NUMBER = Pattern.compile("[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d{1,3})?");
    private static final Pattern WORD_GAP = Pattern.compile("\\s+");
    private static final Pattern WHOLE = Pattern.compile("[-+]?\\d+");
    private static final Pattern LEADING_ZERO = Pattern.compile("0\\d+");
    private static final Pattern TIMESTAMP =
            Pattern.compile("\\d{4}-\\d{2}-\\d{2}([T ]\\d{2}:\\d{2}(:\\d{2}([.]\\d{1,9})?)?(Z|[+-]\\d{2}:?\\d{2})?)?");
    private static final Pattern DOTTED_DATE = Pattern.compile("(\\d{1,2})\\.(\\d{1,2})\\.(\\d{4})");
    private static final Set<String> BOOLEAN_WORDS = Set.of("true", "false", "yes", "no", "t", "f", "y", "n");
    private static final Set<String> MISSING_WORDS =
            Set.of("na", "n/a", "#n/a", "null", "none", "nan", "nil", "?", "-", "--", "unknown", "missing");
    /** The share of cells that may break the rule of their column and go to quarantine instead. */
    private static final double MAX_ODD_SHARE = 0.01;

    private static final int MIN_WRITTEN_WORDS = 3;
    /** Phone numbers and dates are shorter. */
    private static final int MIN_LIST_LENGTH = 8;

    private static final Pattern LIST_GAP = Pattern.compile("[\\s,;|]+");

    private long cellCount;
    private long blankCount;
    private long missingWordCount;
    private long numberCount;
    private long booleanCount;
    private long zeroOneCount;
    private long timestampCount;
    private long wordCount;
    private long listCount;
    private int listLength = -1; // of all lists of numbers so far; 0 when they differ
    private long ideographicCount;
    private boolean areNumbersWhole = true;
    private boolean hasLeadingZero;
    private boolean hasMoreThanMaxDistinct;
    private double min = Double.POSITIVE_INFINITY;
    private double max = Double.NEGATIVE_INFINITY;
    private final Set<String> missingWords = new TreeSet<>();
    private final Set<String> distinct = new LinkedHashSet<>();
    private String firstNotNumber = "";
    private long firstNotNumberLine;

    void add(String cell, long lineNumber) {
        cellCount++;
        String value = cell.strip();
        if (value.isEmpty()) {
            blankCount++;
            return;
        }
        if (distinct.size() < MAX_DISTINCT) {
            distinct.add(value);
        } else if (!distinct.contains(value)) {
            hasMoreThanMaxDistinct = true;
        }
        String word = value.length() > 8 ? "" : value.toLowerCase(Locale.ROOT);
        if (MISSING_WORDS.contains(word)) {
            missingWordCount++;
            missingWords.add(value);
            return;
        }
        booleanCount += BOOLEAN_WORDS.contains(word) ? 1 : 0;
        zeroOneCount += word.equals("0") || word.equals("1") ? 1 : 0;
        timestampCount += isTimestamp(value) ? 1 : 0;
        wordCount += WORD_GAP.split(value).length;
        ideographicCount += value.codePoints().anyMatch(Character::isIdeographic) ? 1 : 0;
        addNumber(value, lineNumber);
    }

    private void addNumber(String value, long lineNumber) {
        if (value.length() > 40 || !NUMBER.matcher(value).matches()) {
            if (firstNotNumberLine == 0) {
                firstNotNumber = value;
                firstNotNumberLine = lineNumber;
            }
            addList(value);
            return;
        }
        double number = Double.parseDouble(value);
        numberCount++;
        min = Math.min(min, number);
        max = Math.max(max, number);
        areNumbersWhole &= WHOLE.matcher(value).matches();
        hasLeadingZero |= LEADING_ZERO.matcher(value).matches();
    }

    private void addList(String value) {
        if (listLength == 0 || value.length() < MIN_LIST_LENGTH) {
            listLength = 0;
            return;
        }
        String[] parts = LIST_GAP.split(value.startsWith("[") ? value.substring(1, value.length() - 1) : value);
        boolean isList = parts.length >= MIN_LIST_LENGTH
                && (listLength < 0 || listLength == parts.length)
                && Arrays.stream(parts).allMatch(part -> NUMBER.matcher(part).matches());
        listLength = isList ? parts.length : 0;
        listCount++;
    }

    /** Returns how many numbers every cell holds; 0 when cells are no lists of numbers, or differ in length. */
    int listLength() {
        return listCount > 0 && listCount == presentCount() ? Math.max(0, listLength) : 0;
    }

    private static boolean isTimestamp(String value) {
        Matcher dotted = value.length() > 10 ? null : DOTTED_DATE.matcher(value);
        if (dotted != null && dotted.matches()) {
            return isDate(dotted.group(3), dotted.group(2), dotted.group(1));
        }
        if (value.length() < 10
                || value.length() > 40
                || !TIMESTAMP.matcher(value).matches()) {
            return false;
        }
        return isDate(value.substring(0, 4), value.substring(5, 7), value.substring(8, 10));
    }

    private static boolean isDate(String year, String month, String day) {
        try {
            LocalDate.of(Integer.parseInt(year), Integer.parseInt(month), Integer.parseInt(day));
            return true;
        } catch (DateTimeException e) {
            return false;
        }
    }

    /** Returns the number of cells that hold something. */
    private long presentCount() {
        return cellCount - blankCount - missingWordCount;
    }

    ValueType type() {
        long present = presentCount();
        if (present == 0) {
            return ValueType.VALUE_TYPE_TEXT;
        }
        if (booleanCount == present || (zeroOneCount == present && distinctCount() - missingWords.size() == 2)) {
            return ValueType.VALUE_TYPE_BOOLEAN;
        }
        if (listLength() > 0) {
            return ValueType.VALUE_TYPE_NUMBERS;
        }
        if (isNearly(numberCount) && !hasLeadingZero) {
            return ValueType.VALUE_TYPE_NUMBER;
        }
        return isNearly(timestampCount) ? ValueType.VALUE_TYPE_TIMESTAMP : ValueType.VALUE_TYPE_TEXT;
    }

    private boolean isNearly(long count) {
        return presentCount() - count <= MAX_ODD_SHARE * presentCount();
    }

    int distinctCount() {
        return distinct.size();
    }

    Set<String> distinct() {
        return distinct;
    }

    /** Returns the words that stand for a missing value; in a text column they are left as texts. */
    Set<String> missingTexts() {
        return type() == ValueType.VALUE_TYPE_TEXT ? Set.of() : missingWords;
    }

    private long missingCount() {
        return blankCount + (type() == ValueType.VALUE_TYPE_TEXT ? 0 : missingWordCount);
    }

    boolean isConstant() {
        return distinct.size() - missingTexts().size() <= 1;
    }

    /** Says whether the column looks like an id or free text: more different texts than a category has. */
    boolean isHighCardinality() {
        boolean isText = type() == ValueType.VALUE_TYPE_TEXT;
        return isText && (hasMoreThanMaxDistinct || (distinct.size() > 50 && distinct.size() > presentCount() / 2));
    }

    /** Says whether the column holds what people wrote: mostly different texts of several words, or of Chinese characters. */
    boolean isWritten() {
        return isHighCardinality() && (isIdeographic() || wordCount >= MIN_WRITTEN_WORDS * presentCount());
    }

    /** Says whether most texts have characters that are not separated into words by spaces. */
    boolean isIdeographic() {
        return ideographicCount * 2 > presentCount();
    }

    /** Says whether the column is worth offering to a model. */
    boolean isFeature() {
        return !isConstant() && (!isHighCardinality() || isWritten());
    }

    /** Says whether a number is likely the code of a class. */
    boolean isLikeCode() {
        return type() == ValueType.VALUE_TYPE_NUMBER && areNumbersWhole && distinct.size() <= 10 && distinct.size() > 2;
    }

    boolean hasMoreThanMaxDistinct() {
        return hasMoreThanMaxDistinct;
    }

    /** Returns what a person should know about the column, in one line. */
    String remark() {
        StringBuilder remark = new StringBuilder(what());
        if (missingCount() > 0) {
            remark.append(", ").append(missingCount()).append(" missing");
        }
        long oddCount = oddCount();
        if (oddCount > 0) {
            remark.append(", %d not readable as this type (first: '%s', line %d) will be quarantined"
                    .formatted(oddCount, shortened(firstNotNumber), firstNotNumberLine));
        }
        if (isConstant()) {
            remark.append("; left out of the feature set: always the same");
        } else if (isWritten()) {
            remark.append("; read as words by the training spec drafted");
        } else if (isHighCardinality()) {
            remark.append("; left out of the feature set: looks like an id");
        }
        return remark.toString();
    }

    private String what() {
        String count = hasMoreThanMaxDistinct ? "more than " + MAX_DISTINCT : Integer.toString(distinct.size());
        return switch (type()) {
            case VALUE_TYPE_NUMBER -> "%s to %s, %s different%s".formatted(plain(min), plain(max), count, codeHint());
            case VALUE_TYPE_BOOLEAN -> String.join("/", distinct);
            case VALUE_TYPE_TIMESTAMP -> "%s different".formatted(count);
            case VALUE_TYPE_NUMBERS -> "%d numbers; the image of a network, or a sequence".formatted(listLength());
            default -> textRemark(count);
        };
    }

    private String textRemark(String count) {
        if (distinct.isEmpty()) {
            return "always blank";
        }
        if (numberCount == presentCount() && hasLeadingZero) {
            return "codes with leading zeros, %s different".formatted(count);
        }
        String examples = distinct.stream()
                .limit(4)
                .map(ColumnProfile::shortened)
                .reduce((a, b) -> a + ", " + b)
                .orElse("");
        return "%s different: %s%s".formatted(count, examples, distinct.size() > 4 ? ", ..." : "");
    }

    private String codeHint() {
        return isLikeCode() ? " (a code rather than an amount? then type: text)" : "";
    }

    private long oddCount() {
        return switch (type()) {
            case VALUE_TYPE_NUMBER -> presentCount() - numberCount;
            case VALUE_TYPE_TIMESTAMP -> presentCount() - timestampCount;
            default -> 0;
        };
    }

    private static String shortened(String value) {
        String line = value.replaceAll("\\p{Cntrl}", " ");
        return line.length() <= 24 ? line : line.substring(0, 21) + "...";
    }

    private static String plain(double number) {
        return Math.abs(number) < 1e12
                ? BigDecimal.valueOf(number).stripTrailingZeros().toPlainString()
                : Double.toString(number);
    }
}
