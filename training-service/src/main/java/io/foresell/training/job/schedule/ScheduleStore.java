package io.foresell.training.job.schedule;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.lte;
import static com.mongodb.client.model.Updates.combine;
import static com.mongodb.client.model.Updates.inc;
import static com.mongodb.client.model.Updates.set;

import com.google.protobuf.ByteString;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Indexes;
import com.mongodb.client.model.ReplaceOptions;
import com.mongodb.client.model.Sorts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bson.Document;
import org.bson.types.Binary;

/** Schedules in MongoDB, one document each. Thread-safe. */
final class ScheduleStore {
    private static final int MAX_LISTED = 1_000;

    private final MongoCollection<Document> schedules;

    ScheduleStore(MongoDatabase database) {
        this.schedules = database.getCollection("job_schedules");
    }

    void createIndexes() {
        schedules.createIndex(Indexes.ascending("next_at"));
    }

    /** Creates or replaces a schedule; its history of jobs is found by its name. */
    void put(Schedule schedule) {
        Document document = new Document("_id", schedule.name())
                .append("model", schedule.model())
                .append("spec", new Binary(schedule.spec().toByteArray()))
                .append("next_at", Date.from(schedule.nextAt()))
                .append("last_job_id", "")
                .append("last_failure", "")
                .append("started_count", 0);
        schedules.replaceOne(eq("_id", schedule.name()), document, new ReplaceOptions().upsert(true));
    }

    boolean delete(String name) {
        return schedules.deleteOne(eq("_id", name)).getDeletedCount() == 1;
    }

    List<Schedule> list() {
        return schedules
                .find()
                .sort(Sorts.ascending("_id"))
                .limit(MAX_LISTED)
                .map(ScheduleStore::toSchedule)
                .into(new ArrayList<>());
    }

    /** Returns those whose time has come. */
    List<Schedule> due(Instant now) {
        return schedules
                .find(lte("next_at", Date.from(now)))
                .sort(Sorts.ascending("next_at", "_id"))
                .limit(MAX_LISTED)
                .map(ScheduleStore::toSchedule)
                .into(new ArrayList<>());
    }

    /** Moves a schedule on after a start; nothing when another process did. */
    void started(Schedule due, String jobId, Instant nextAt) {
        schedules.updateOne(
                unchanged(due),
                combine(
                        set("next_at", Date.from(nextAt)),
                        set("last_job_id", jobId),
                        set("last_at", Date.from(due.nextAt())),
                        set("last_failure", ""),
                        inc("started_count", 1)));
    }

    /** Notes that a start failed and when it is tried again. */
    void failed(Schedule due, String failure, Instant nextAt) {
        schedules.updateOne(unchanged(due), combine(set("next_at", Date.from(nextAt)), set("last_failure", failure)));
    }

    private static org.bson.conversions.Bson unchanged(Schedule schedule) {
        return and(eq("_id", schedule.name()), eq("next_at", Date.from(schedule.nextAt())));
    }

    private static Schedule toSchedule(Document document) {
        Date lastAt = document.getDate("last_at");
        return new Schedule(
                document.getString("_id"),
                document.getString("model"),
                ByteString.copyFrom(document.get("spec", Binary.class).getData()),
                document.getDate("next_at").toInstant(),
                document.getString("last_job_id"),
                lastAt == null ? null : lastAt.toInstant(),
                document.getString("last_failure"),
                document.getInteger("started_count"));
    }
}
