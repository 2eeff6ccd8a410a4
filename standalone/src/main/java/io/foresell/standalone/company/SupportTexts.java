package io.foresell.standalone.company;

import java.util.List;
import java.util.Map;

/** Words of customers, in English and in Chinese. */
final class SupportTexts {
    static final String LATE_COMPLAINT = "complaint_late";
    static final String PRICE_COMPLAINT = "complaint_price";
    static final String QUALITY_COMPLAINT = "complaint_quality";
    static final String QUESTION = "question";
    static final String RETURN = "return";
    static final String PRAISE = "praise";
    static final String CANCELLATION = "cancellation";

    private static final Map<String, List<String>> ENGLISH = Map.of(
            LATE_COMPLAINT,
            List.of(
                    "My %s still has not arrived, this is the second time.",
                    "Where is my parcel? The %s was promised for last week!",
                    "Delivery of the %s took far too long, I needed it for a birthday.",
                    "Late again. I am really disappointed about the %s order."),
            PRICE_COMPLAINT,
            List.of(
                    "Why did the price of %s go up again? Other shops are cheaper.",
                    "I used to pay much less for %s. That is not fair to old customers.",
                    "The new price for %s is a joke."),
            QUALITY_COMPLAINT,
            List.of(
                    "The %s arrived broken, and nobody answers the phone.",
                    "Quality of %s has become worse, the last one lasted a week.",
                    "You sent me the wrong item instead of %s."),
            QUESTION,
            List.of(
                    "Hi, is %s suitable as a gift, and do you wrap it?",
                    "When will %s be back in stock?",
                    "Can I change the address of my order with the %s?",
                    "How do I combine a voucher with %s, please?"),
            RETURN,
            List.of(
                    "I would like to send back the %s, it does not fit our kitchen.",
                    "How do I return %s? I ordered one too many."),
            PRAISE,
            List.of(
                    "Just wanted to say: the %s is wonderful, thank you!",
                    "Great service, the %s came a day early \uD83D\uDE0A", "Best %s I ever had, will order again."),
            CANCELLATION,
            List.of("Please close my account, I buy %s elsewhere now.", "I want to cancel, \"%s\" was my last order."));

    private static final Map<String, List<String>> CHINESE = Map.of(
            LATE_COMPLAINT,
            List.of("我的%s还没有到，已经是第二次了。", "包裹在哪里？%s说好上周送到的！", "%s送得太慢了，非常失望。"),
            PRICE_COMPLAINT,
            List.of("%s为什么又涨价了？别的店更便宜。", "以前买%s没这么贵，对老顾客不公平。"),
            QUALITY_COMPLAINT,
            List.of("收到的%s是坏的，客服电话没人接。", "%s的质量越来越差了。", "你们发错货了，我买的是%s。"),
            QUESTION,
            List.of("请问%s适合送礼吗？可以包装吗？", "%s什么时候有货？", "我买了%s，可以改收货地址吗？"),
            RETURN,
            List.of("我想退掉%s，怎么操作？", "%s买多了一个，可以退货吗？"),
            PRAISE,
            List.of("%s太好用了，谢谢你们！", "服务很好，%s提前一天就到了。"),
            CANCELLATION,
            List.of("请帮我注销账户，以后不在这里买%s了。", "我要取消会员，%s是最后一单。"));

    private SupportTexts() {}

    static String text(Draws draws, String topic, boolean chinese, String productName) {
        List<String> texts = (chinese ? CHINESE : ENGLISH).getOrDefault(topic, List.of());
        return draws.pick(texts).replace("%s", productName);
    }

    /** Returns the label of a topic: the three complaints are one intent. */
    static String intent(String topic) {
        return topic.startsWith("complaint") ? "complaint" : topic;
    }

    static String mood(String topic) {
        return switch (topic) {
            case PRAISE -> "positive";
            case QUESTION, RETURN -> "neutral";
            default -> "negative";
        };
    }
}
