package io.foresell.model.reason;

import io.foresell.model.Task;

/** Chinese sentences: "在网月数为 1：提高流失风险". */
record Chinese(Task task, String label, String meaning) implements Wording {
    @Override
    public String sentence(String label, String value, boolean isSequence, double contribution) {
        String named = endsInLatin(label) ? label + " " : label;
        String subject =
                value.isEmpty() ? named + "缺失" : (isSequence ? "%s最近的值为 %s" : "%s为 %s").formatted(named, value);
        boolean isRaised = contribution > 0;
        return switch (task) {
            case BINARY -> "%s：%s%s".formatted(subject, isRaised ? "提高" : "降低", spaced(meant("评分")));
            case REGRESSION -> "%s：使%s%s %s"
                    .formatted(
                            subject, spacedAround(meant("预测值")), isRaised ? "增加" : "减少", Wording.amount(contribution));
            case MULTICLASS -> "%s：%s“%s”%s".formatted(subject, isRaised ? "支持" : "不支持", this.label, meant("类别"));
            case CLUSTERS -> "%s：%s归入“%s”%s".formatted(subject, isRaised ? "支持" : "不支持", this.label, meant("客群"));
            case RANKING -> "因为%s，“%s”排名%s".formatted(spaced(subject), this.label, isRaised ? "靠前" : "靠后");
        };
    }

    private String meant(String otherwise) {
        return meaning.isEmpty() ? otherwise : meaning;
    }

    private static String spaced(String text) {
        return isLatin(text.charAt(0)) ? " " + text : text;
    }

    private static String spacedAround(String text) {
        return endsInLatin(text) ? spaced(text) + " " : spaced(text);
    }

    /** Chinese print sets a space between Latin letters or digits and a Chinese character. */
    private static boolean endsInLatin(String text) {
        return !text.isEmpty() && isLatin(text.charAt(text.length() - 1));
    }

    private static boolean isLatin(char character) {
        return character < 0x80;
    }
}
