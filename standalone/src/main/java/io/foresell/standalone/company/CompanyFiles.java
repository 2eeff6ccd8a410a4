package io.foresell.standalone.company;

import static io.foresell.standalone.company.DirtyFile.Fate.CLEANED;
import static io.foresell.standalone.company.DirtyFile.Fate.QUARANTINED;
import static io.foresell.standalone.company.DirtyFile.Fate.TAKEN;

import io.foresell.standalone.company.DirtyFile.Defect;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The six files of the company: their columns and their dirt. */
final class CompanyFiles implements AutoCloseable {
    private final DemoSettings settings;
    private final Path folder;
    private final Map<String, DirtyFile> files = new LinkedHashMap<>();
    final DirtyFile products;
    final DirtyFile customers;
    final DirtyFile orders;
    final DirtyFile sessions;
    final DirtyFile messages;
    final DirtyFile labels;

    CompanyFiles(DemoSettings settings, Path folder) throws IOException {
        this.settings = settings;
        this.folder = folder;
        products = file("products.csv", "row_id,product_id,event_time,recorded_at,name,category,unit_price,unit_cost");
        customers = file(
                "customers.csv",
                "row_id,customer_id,event_time,recorded_at,signup_date,birth_year,country,acquisition_channel,"
                        + "loyalty_tier,contract,newsletter,device",
                new Defect("missing_value", "birth_year", "", 0.03, TAKEN),
                new Defect("missing_text", "acquisition_channel", "unknown", 0.02, CLEANED),
                new Defect("outlier", "birth_year", "1850", 0.003, CLEANED),
                new Defect("unknown_category", "country", "Atlantis", 0.002, QUARANTINED),
                new Defect("bad_date", "event_time", "31/02/2025", 0.001, QUARANTINED));
        orders = file(
                "orders.csv",
                "order_line_id,customer_id,event_time,recorded_at,order_id,product_id,category,quantity,unit_price,"
                        + "discount_percent,amount,price_rise_percent,promotion,delivery,dispatch_delay_days",
                DirtyFile.duplicates(0.005),
                DirtyFile.lateEvents(0.01),
                new Defect("missing_value", "discount_percent", "", 0.005, CLEANED),
                new Defect("negative_quantity", "quantity", "-3", 0.001, QUARANTINED),
                new Defect("absurd_price", "unit_price", "9999999.00", 0.001, QUARANTINED),
                new Defect("text_in_number", "quantity", "two", 0.0005, QUARANTINED),
                new Defect("bad_date", "event_time", "2025-13-45", 0.0005, QUARANTINED));
        sessions = file(
                "sessions.csv",
                "session_row_id,customer_id,event_time,recorded_at,session_count,page_views,cart_adds,minutes,device",
                DirtyFile.duplicates(0.003),
                DirtyFile.lateEvents(0.01),
                new Defect("missing_value", "page_views", "", 0.005, TAKEN),
                new Defect("outlier", "minutes", "99999", 0.001, CLEANED),
                new Defect("text_in_number", "session_count", "many", 0.0005, QUARANTINED));
        messages = file(
                "support_messages.csv",
                "message_id,customer_id,event_time,recorded_at,channel,language,intent,mood,text",
                DirtyFile.duplicates(0.005),
                DirtyFile.lateEvents(0.01),
                new Defect("missing_value", "mood", "", 0.01, TAKEN),
                new Defect("unknown_category", "language", "klingon", 0.003, QUARANTINED),
                new Defect("bad_date", "event_time", "yesterday", 0.002, QUARANTINED));
        labels = file(
                "churn_labels.csv",
                "label_id,customer_id,event_time,recorded_at,churned",
                DirtyFile.duplicates(0.002),
                new Defect("bad_label", "churned", "maybe", 0.001, QUARANTINED));
    }

    private DirtyFile file(String name, String columns, Defect... defects) throws IOException {
        DirtyFile file = DirtyFile.create(
                folder.resolve(name),
                List.of(columns.split(",")),
                settings.end(),
                new Draws(settings.seed(), name, 0),
                List.of(defects));
        files.put(name, file);
        return file;
    }

    /** Returns what is in the files, by name. */
    Map<String, Planted.FileFacts> facts() {
        Map<String, Planted.FileFacts> facts = new LinkedHashMap<>();
        files.forEach((name, file) -> facts.put(name, file.facts()));
        return facts;
    }

    @Override
    public void close() throws IOException {
        for (DirtyFile file : files.values()) {
            file.close();
        }
    }
}
