package io.foresell.training.job;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.lt;
import static com.mongodb.client.model.Filters.or;
import static com.mongodb.client.model.Updates.combine;
import static com.mongodb.client.model.Updates.inc;
import static com.mongodb.client.model.Updates.set;
import static com.mongodb.client.model.Updates.unset;

import com.google.protobuf.ByteString;
import com.mongodb.ErrorCategory;
import com.mongodb.MongoWriteException;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.FindOneAndUpdateOptions;
import com.mongodb.client.model.Indexes;
import com.mongodb.client.model.ReturnDocument;
import com.mongodb.client.model.Sorts;
import io.foresell.training.run.Progress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;

/**
 * Jobs in MongoDB, one document each; every change of state is a compare-and-set on state, owner and attempt. A running job
 * belongs to its owner until the lease is over. Thread-safe.
 */
final class JobStore {
    static final int MAX_LISTED = 200;
    /** How often a job may be lost with its process before it is given up. */
    static final int MAX_LOSSES = 2;

    private static final Bson QUEUED = eq("state", JobState.QUEUED.name());
    private static final Bson RUNNING = eq("state", JobState.RUNNING.name());

    private static final FindOneAndUpdateOptions AFTER =
            new FindOneAndUpdateOptions().returnDocument(ReturnDocument.AFTER);

    private final MongoCollection<Document> jobs;
    private final Clock clock;
    private final Duration lease;

    JobStore(MongoDatabase database, Clock clock, Duration lease) {
        this.jobs = database.getCollection("jobs");
        this.clock = clock;
        this.lease = lease;
    }

    /** The right to work on a job: void as soon as another process has begun the next attempt. */
    record Claim(Job job, String owner) {
        Bson stillHeld() {
            return and(eq("_id", job.id()), RUNNING, eq("owner", owner), eq("attempt", job.attempt()));
        }
    }

    /** How a job ends. */
    record End(JobState state, String failureReason, String failure) {
        static final End SUCCEEDED = new End(JobState.SUCCEEDED, "", "");
        static final End CANCELLED = new End(JobState.CANCELLED, "", "");
    }

    void createIndexes() {
        jobs.createIndex(Indexes.ascending("state", "created_at"));
        jobs.createIndex(Indexes.ascending("created_at"));
    }

    /** Inserts a queued job; false when its id exists already. */
    boolean insert(Job job) {
        try {
            jobs.insertOne(JobDocuments.ofQueued(job));
            return true;
        } catch (MongoWriteException e) {
            if (e.getError().getCategory() == ErrorCategory.DUPLICATE_KEY) {
                return false;
            }
            throw e;
        }
    }

    Optional<Job> find(String id) {
        return Optional.ofNullable(jobs.find(eq("_id", id)).first()).map(JobDocuments::toJob);
    }

    /** Returns the newest jobs, of one model unless it is empty. */
    List<Job> list(String model) {
        return jobs.find(model.isEmpty() ? Filters.empty() : eq("model", model))
                .sort(Sorts.descending("created_at", "_id"))
                .limit(MAX_LISTED)
                .map(JobDocuments::toJob)
                .into(new ArrayList<>());
    }

    long countQueued() {
        return jobs.countDocuments(QUEUED);
    }

    /**
     * Takes the oldest job that waits or whose owner fell silent. A lost job that was to be cancelled, or was lost too often,
     * is ended instead.
     */
    Optional<Claim> claim(String owner) {
        while (true) {
            Document next = jobs.find(or(QUEUED, and(RUNNING, lt("lease_until", now()))))
                    .sort(Sorts.ascending("created_at", "_id"))
                    .first();
            if (next == null) {
                return Optional.empty();
            }
            boolean isLost = next.getString("state").equals(JobState.RUNNING.name());
            if (isEndedInstead(next, isLost)) {
                continue;
            }
            Bson change = combine(
                    set("state", JobState.RUNNING.name()),
                    set("owner", owner),
                    set("lease_until", leaseEnd()),
                    set("started_at", now()),
                    set("results", JobDocuments.binary(ByteString.EMPTY)),
                    unset("progress"),
                    inc("attempt", 1),
                    inc("loss_count", isLost ? 1 : 0));
            Document claimed = jobs.findOneAndUpdate(unchanged(next), change, AFTER);
            if (claimed != null) {
                return Optional.of(new Claim(JobDocuments.toJob(claimed), owner));
            }
        }
    }

    private static Bson unchanged(Document job) {
        Bson same = and(
                eq("_id", job.getString("_id")),
                eq("state", job.getString("state")),
                eq("owner", job.getString("owner")),
                eq("attempt", job.getInteger("attempt")));
        Date leaseUntil = job.getDate("lease_until");
        return leaseUntil == null ? same : and(same, eq("lease_until", leaseUntil));
    }

    private boolean isEndedInstead(Document job, boolean isLost) {
        int lossCount = job.getInteger("loss_count") + (isLost ? 1 : 0);
        if (job.getBoolean("cancel_requested", false)) {
            jobs.updateOne(unchanged(job), ending(End.CANCELLED));
        } else if (lossCount >= MAX_LOSSES) {
            String failure =
                    "attempts lost with their process: %d (expected: fewer than %d)".formatted(lossCount, MAX_LOSSES);
            jobs.updateOne(unchanged(job), ending(new End(JobState.FAILED, "ATTEMPTS_EXHAUSTED", failure)));
        } else {
            return false;
        }
        return true; // won or lost the race: look again either way
    }

    /**
     * Extends the lease and keeps what a reader elsewhere should see.
     *
     * @return whether the job is to be cancelled; empty when the claim is void
     */
    Optional<Boolean> renew(Claim claim, @Nullable Progress progress, ByteString results) {
        Bson change = combine(
                set("lease_until", leaseEnd()),
                set("progress", JobDocuments.ofProgress(progress)),
                set("results", JobDocuments.binary(results)));
        Document renewed = jobs.findOneAndUpdate(claim.stillHeld(), change, AFTER);
        return Optional.ofNullable(renewed).map(document -> document.getBoolean("cancel_requested", false));
    }

    /** Ends a job; false when the claim is void. */
    boolean end(Claim claim, End end, @Nullable Progress progress, ByteString results) {
        Bson change = combine(
                ending(end),
                set("progress", JobDocuments.ofProgress(progress)),
                set("results", JobDocuments.binary(results)));
        return jobs.updateOne(claim.stillHeld(), change).getMatchedCount() == 1;
    }

    /** Gives a job back to the queue, at a planned stop: not counted as a loss. */
    boolean giveBack(Claim claim) {
        Bson change = combine(
                set("state", JobState.QUEUED.name()), set("owner", ""), unset("lease_until"), unset("progress"));
        return jobs.updateOne(claim.stillHeld(), change).getMatchedCount() == 1;
    }

    /** Cancels a job that waits; false when it does not wait. */
    boolean cancelQueued(String id) {
        return jobs.updateOne(and(eq("_id", id), QUEUED), ending(End.CANCELLED)).getMatchedCount() == 1;
    }

    /** Asks the owner of a running job to stop; false when it does not run. */
    boolean requestCancel(String id) {
        return jobs.updateOne(and(eq("_id", id), RUNNING), set("cancel_requested", true))
                        .getMatchedCount()
                == 1;
    }

    private Bson ending(End end) {
        return combine(
                set("state", end.state().name()),
                set("failure_reason", end.failureReason()),
                set("failure", end.failure()),
                set("ended_at", now()),
                set("owner", ""),
                unset("lease_until"));
    }

    private Date now() {
        return Date.from(Instant.ofEpochMilli(clock.millis()));
    }

    private Date leaseEnd() {
        return Date.from(Instant.ofEpochMilli(clock.millis()).plus(lease));
    }
}
