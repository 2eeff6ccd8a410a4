package io.foresell.training.serve;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.foresell.kit.Failure;
import io.foresell.proto.training.v1.Retrain;
import io.foresell.proto.training.v1.Schedule;
import io.foresell.proto.training.v1.TrainingSpec;
import io.foresell.training.job.schedule.CronTimes;
import io.foresell.training.job.schedule.RetrainRule;
import io.foresell.training.job.schedule.ScheduleEncoding;
import io.foresell.training.job.schedule.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The messages of schedules, and the form in which they are kept. */
public final class RetrainProtos {
    private static final Pattern EVERY = Pattern.compile("(\\d{1,6})([mhdw])");
    private static final Duration LEAST = Duration.ofMinutes(1);
    private static final Duration GREATEST = Duration.ofDays(366);

    /** Specs as {@code TrainingSpec}. */
    public static final ScheduleEncoding ENCODING = new ScheduleEncoding() {
        @Override
        public RetrainRule readRule(ByteString spec) {
            return toRule(parsed(spec));
        }

        @Override
        public ByteString comparedWith(ByteString spec, Instant referenceUntil) {
            TrainingSpec.Builder compared = parsed(spec).toBuilder();
            compared.getRetrainBuilder().getDriftBuilder().setReferenceUntilTime(referenceUntil.toString());
            return compared.build().toByteString();
        }

        @Override
        public ByteString unconditional(ByteString spec) {
            TrainingSpec.Builder plain = parsed(spec).toBuilder();
            plain.getRetrainBuilder().clearDrift();
            return plain.build().toByteString();
        }
    };

    private RetrainProtos() {}

    private static TrainingSpec parsed(ByteString spec) {
        try {
            return TrainingSpec.parseFrom(spec);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a stored spec cannot be read", e);
        }
    }

    /**
     * Returns when a spec is repeated.
     *
     * @throws io.foresell.kit.ServiceException INVALID_ARGUMENT with a violation for every field at fault
     */
    static RetrainRule toRule(TrainingSpec spec) {
        SpecCheck check = new SpecCheck();
        Retrain message = spec.getRetrain();
        if (message.getEvery().isEmpty() == message.getCron().isEmpty()) {
            check.refuse("retrain", message.getEvery().isEmpty() ? "nothing" : "every and cron", "every or cron");
        }
        Times times = message.getCron().isEmpty() ? every(message.getEvery(), check) : cron(message.getCron(), check);
        check.done();
        return new RetrainRule(times, message.hasDrift(), message.getDrift().getReference());
    }

    private static Times every(String text, SpecCheck check) {
        Matcher every = EVERY.matcher(text);
        Duration interval = LEAST;
        if (every.matches()) {
            long count = Long.parseLong(every.group(1));
            interval = switch (every.group(2)) {
                case "m" -> Duration.ofMinutes(count);
                case "h" -> Duration.ofHours(count);
                case "d" -> Duration.ofDays(count);
                default -> Duration.ofDays(7 * count);
            };
        }
        if (!text.isEmpty()
                && (!every.matches() || interval.compareTo(LEAST) < 0 || interval.compareTo(GREATEST) > 0)) {
            check.refuse("retrain.every", text, "1m to 366d, such as 30m, 12h, 7d or 4w");
        }
        Duration step = interval;
        return last -> last.plus(step);
    }

    private static Times cron(String text, SpecCheck check) {
        try {
            return CronTimes.parse(text);
        } catch (IllegalArgumentException e) {
            String message = String.valueOf(e.getMessage());
            check.refuse(
                    "retrain.cron",
                    new Failure.FieldViolation(
                            "retrain.cron", message.startsWith("'") ? message : "'%s': %s".formatted(text, message)));
            return last -> last;
        }
    }

    static Schedule ofSchedule(io.foresell.training.job.schedule.Schedule schedule) {
        Instant lastAt = schedule.lastAt();
        return Schedule.newBuilder()
                .setName(schedule.name())
                .setSpec(parsed(schedule.spec()))
                .setNextAtMillis(schedule.nextAt().toEpochMilli())
                .setLastJobId(schedule.lastJobId())
                .setLastAtMillis(lastAt == null ? 0 : lastAt.toEpochMilli())
                .setLastFailure(schedule.lastFailure())
                .setStartedCount(schedule.startedCount())
                .build();
    }
}
