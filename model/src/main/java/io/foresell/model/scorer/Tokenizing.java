package io.foresell.model.scorer;

/** How a text falls into tokens; tokens are given as ranges, so that none becomes a text of its own. */
@FunctionalInterface
interface Tokenizing {
    /** Takes the tokens of a text in order. */
    @FunctionalInterface
    interface Sink {
        void token(String text, int start, int end);
    }

    void split(String text, Sink sink);

    /** Returns tokens that are runs of a class, of at least so many characters. */
    static Tokenizing runs(CharClass characters, boolean isSeparator, int leastLength) {
        return (text, sink) -> {
            int start = -1;
            int length = 0;
            int at = 0;
            while (at < text.length()) {
                int point = text.codePointAt(at);
                if (characters.contains(point) != isSeparator) {
                    start = length == 0 ? at : start;
                    length++;
                } else {
                    if (length >= leastLength) {
                        sink.token(text, start, at);
                    }
                    length = 0;
                }
                at += Character.charCount(point);
            }
            if (length >= leastLength && length > 0) {
                sink.token(text, start, text.length());
            }
        };
    }

    /** Returns the pieces between delimiters, empty ones included; an empty text has none. */
    static Tokenizing pieces(String delimiter) {
        return (text, sink) -> {
            int from = 0;
            for (int gap = text.indexOf(delimiter); gap >= 0; gap = text.indexOf(delimiter, from)) {
                sink.token(text, from, gap);
                from = gap + delimiter.length();
            }
            if (!text.isEmpty()) {
                sink.token(text, from, text.length());
            }
        };
    }

    /** Returns tokens of one character each. */
    static Tokenizing characters() {
        return (text, sink) -> {
            int at = 0;
            while (at < text.length()) {
                int next = at + Character.charCount(text.codePointAt(at));
                sink.token(text, at, next);
                at = next;
            }
        };
    }
}
