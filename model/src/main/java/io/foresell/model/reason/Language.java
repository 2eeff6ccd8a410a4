package io.foresell.model.reason;

/** Language of reasons. */
public enum Language {
    /** "en". */
    ENGLISH("en"),
    /** "zh". */
    CHINESE("zh");

    private final String code;

    Language(String code) {
        this.code = code;
    }

    /** Returns its ISO 639 code. */
    public String code() {
        return code;
    }

    /**
     * Returns the language of a code.
     *
     * @param code "en", "zh" or empty for English
     * @throws IllegalArgumentException for any other code
     */
    public static Language ofCode(String code) {
        return switch (code) {
            case "", "en" -> ENGLISH;
            case "zh" -> CHINESE;
            default -> throw new IllegalArgumentException("language: %s (expected: en or zh)".formatted(code));
        };
    }
}
