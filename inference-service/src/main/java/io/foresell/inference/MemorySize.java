package io.foresell.inference;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An amount of memory, or a share of the greatest heap.
 *
 * @param bytes 0 when it is a share, or none
 * @param percent of the heap, 0 to 100; 0 when it is bytes, or none
 */
public record MemorySize(long bytes, int percent) {
    /** No bound. */
    public static final MemorySize NONE = new MemorySize(0, 0);

    private static final Pattern SHARE = Pattern.compile("([0-9]{1,3})%");
    private static final Pattern BYTES = Pattern.compile("([0-9]{1,12})(KB|MB|GB)");
    private static final int MAX_PERCENT = 100;
    private static final long LEAST_BYTES = 1_000;

    /**
     * Reads what an operator wrote.
     *
     * @throws ServiceException INVALID_ARGUMENT naming the setting
     */
    static MemorySize parse(String setting, String text) {
        if (text.isEmpty() || text.equals("none") || text.equals("0")) {
            return NONE;
        }
        Matcher share = SHARE.matcher(text);
        if (share.matches()) {
            int percent = Integer.parseInt(share.group(1));
            if (percent >= 1 && percent <= MAX_PERCENT) {
                return new MemorySize(0, percent);
            }
        }
        Matcher bytes = BYTES.matcher(text.toUpperCase(Locale.ROOT));
        if (bytes.matches()) {
            long unit = bytes.group(2).equals("KB") ? 1_000 : bytes.group(2).equals("MB") ? 1_000_000 : 1_000_000_000;
            long size = Long.parseLong(bytes.group(1)) * unit;
            if (size >= LEAST_BYTES) {
                return new MemorySize(size, 0);
            }
        }
        throw new ServiceException(Failure.invalid(
                "SETTING_INVALID", setting, text, "none, a share of the heap such as 50%, or a size such as 800MB"));
    }

    /** Returns the bytes on this machine; 0 for no bound. */
    public long onThisHeap() {
        return percent == 0 ? bytes : Runtime.getRuntime().maxMemory() / MAX_PERCENT * percent;
    }
}
