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
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.ReturnDocument;
import com.mongodb.client.model.Sorts;
import io.foresell.training.run.Progress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
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

    private static final int MAX_CLAIM_TRIES = 100;
    private static final Bson QUEUE_FIELDS = Projections.include(
            "state",
            "owner",
            "attempt",
            "lease_until",
            "loss_count",
            "cancel_requested",
            "model",
            "created_at",
            "priority",
            "threads",
            "memory_mib");

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

    /**
     * The right to work on a job: void as soon as another process has begun the next attempt.
     *
     * @param waiting the job as the queue saw it
     * @param staged what an earlier attempt has reached; empty when it must be trained
     */
    record Claim(Job job, String owner, WaitingJob waiting, Optional<List<StagedCandidate>> staged) {
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
    boolean insert(Job job, JobOptions options) {
        try {
            jobs.insertOne(JobDocuments.ofQueued(job, options));
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

    /** Returns the newest jobs, of one model and one schedule unless these are empty. */
    List<Job> list(String model, String schedule) {
        Bson ofModel = model.isEmpty() ? Filters.empty() : eq("model", model);
        return jobs.find(schedule.isEmpty() ? ofModel : and(ofModel, eq("schedule", schedule)))
                .projection(Projections.exclude("staged", "log"))
                .sort(Sorts.descending("created_at", "_id"))
                .limit(MAX_LISTED)
                .map(JobDocuments::toJob)
                .into(new ArrayList<>());
    }

    long countQueued() {
        return jobs.countDocuments(QUEUED);
    }

    /**
     * Takes one of the jobs that wait or whose owner fell silent. A lost job that was to be cancelled, or was lost too often, is ended
     * instead.
     *
     * @param choice picks one of those that wait; empty to take none
     */
    Optional<Claim> claim(String owner, Function<List<WaitingJob>, Optional<WaitingJob>> choice) {
        for (int tries = 0; tries < MAX_CLAIM_TRIES; tries++) {
            Map<String, Document> waiting = new LinkedHashMap<>();
            for (Document next : jobs.find(or(QUEUED, and(RUNNING, lt("lease_until", now()))))
                    .projection(QUEUE_FIELDS)
                    .sort(Sorts.ascending("created_at", "_id"))) {
                if (!isEndedInstead(next, isLost(next))) {
                    waiting.put(next.getString("_id"), next);
                }
            }
            Optional<WaitingJob> chosen = waiting.isEmpty()
                    ? Optional.empty()
                    : choice.apply(waiting.values().stream()
                            .map(JobDocuments::toWaiting)
                            .toList());
            if (chosen.isEmpty()) {
                return Optional.empty();
            }
            Document next = waiting.get(chosen.get().id());
            Optional<Claim> claim = next == null ? Optional.empty() : begin(next, owner);
            if (claim.isPresent()) {
                return claim;
            }
        }
        return Optional.empty();
    }

    private static boolean isLost(Document job) {
        return job.getString("state").equals(JobState.RUNNING.name());
    }

    /** Begins an attempt; empty when another process did. */
    private Optional<Claim> begin(Document next, String owner) {
        Bson change = combine(
                set("state", JobState.RUNNING.name()),
                set("owner", owner),
                set("lease_until", leaseEnd()),
                set("started_at", now()),
                set("results", JobDocuments.binary(ByteString.EMPTY)),
                unset("progress"),
                inc("attempt", 1),
                inc("loss_count", isLost(next) ? 1 : 0));
        Document claimed = jobs.findOneAndUpdate(unchanged(next), change, AFTER);
        return Optional.ofNullable(claimed)
                .map(job -> new Claim(
                        JobDocuments.toJob(job), owner, JobDocuments.toWaiting(job), JobDocuments.toStaged(job)));
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

    /** Keeps what the job has reached, so that no later attempt trains again; false when the claim is void. */
    boolean stage(Claim claim, List<StagedCandidate> staged, String remark) {
        Bson change = combine(set("staged", JobDocuments.ofStaged(staged)), set("remark", remark));
        return jobs.updateOne(claim.stillHeld(), change).getMatchedCount() == 1;
    }

    /** Ends a job; false when the claim is void. */
    boolean end(Claim claim, End end, Job job, String log) {
        Bson change = combine(
                ending(end),
                set("progress", JobDocuments.ofProgress(job.progress())),
                set("results", JobDocuments.binary(job.results())),
                set("log", log),
                unset("staged"));
        return jobs.updateOne(claim.stillHeld(), change).getMatchedCount() == 1;
    }

    /** Returns the end of what the job's process printed; empty before the job ends. */
    String log(String id) {
        Document document =
                jobs.find(eq("_id", id)).projection(Projections.include("log")).first();
        return document == null ? "" : document.get("log", "");
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
