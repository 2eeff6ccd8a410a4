package io.foresell.kit;

import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.ServerChannel;
import io.grpc.netty.shaded.io.netty.channel.epoll.Epoll;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollServerSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.nio.NioEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import io.grpc.netty.shaded.io.netty.util.concurrent.EventExecutor;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * The network threads of a server whose handlers run on them, and how late they are. What waits for such a thread waits in
 * sockets where no counter sees it; a task that was to run at a known time and runs later has waited just as long.
 */
public final class EventLoops implements AutoCloseable {
    private static final long PROBE_PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final EventLoopGroup boss;
    private final EventLoopGroup workers;
    private final Class<? extends ServerChannel> channelType;
    private final List<Probe> probes = new ArrayList<>();

    private EventLoops(EventLoopGroup boss, EventLoopGroup workers, Class<? extends ServerChannel> channelType) {
        this.boss = boss;
        this.workers = workers;
        this.channelType = channelType;
    }

    /** Starts the threads, two for each core as gRPC itself does, and a probe on each. */
    public static EventLoops start(String name, MeterRegistry meters) {
        ThreadFactory bosses = new DefaultThreadFactory(name + "-accept", true);
        ThreadFactory threads = new DefaultThreadFactory(name + "-network", true);
        int count = 2 * Runtime.getRuntime().availableProcessors();
        EventLoops loops = Epoll.isAvailable()
                ? new EventLoops(
                        new EpollEventLoopGroup(1, bosses),
                        new EpollEventLoopGroup(count, threads),
                        EpollServerSocketChannel.class)
                : new EventLoops(
                        new NioEventLoopGroup(1, bosses),
                        new NioEventLoopGroup(count, threads),
                        NioServerSocketChannel.class);
        loops.workers.forEach(loop -> loops.probes.add(new Probe(loop)));
        loops.probes.forEach(Probe::schedule);
        Gauge.builder("event_loop_lag", loops, each -> each.lagNanos() / (double) TimeUnit.SECONDS.toNanos(1))
                .description("How late the latest network thread is")
                .baseUnit("seconds")
                .register(meters);
        return loops;
    }

    /** Returns how late the latest thread is, nanoseconds, 0 or more; at most some microseconds on an idle machine. */
    public long lagNanos() {
        long now = System.nanoTime();
        long lag = 0;
        for (int i = 0; i < probes.size(); i++) { // no iterator: asked often
            lag = Math.max(lag, probes.get(i).lagNanos(now));
        }
        return lag;
    }

    /** Returns how late the latest thread is all the time, nanoseconds: what stands before it, and not what a stall left. */
    public long standingLagNanos() {
        long lag = 0;
        for (int i = 0; i < probes.size(); i++) {
            lag = Math.max(lag, probes.get(i).standing.nanos());
        }
        return lag;
    }

    void use(NettyServerBuilder builder) {
        builder.bossEventLoopGroup(boss).workerEventLoopGroup(workers).channelType(channelType);
    }

    @Override
    public void close() {
        var unusedBoss = boss.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        var unusedWorkers = workers.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    /** A task that runs on one thread over and over. */
    private static final class Probe implements Runnable {
        private final EventExecutor loop;
        private volatile long dueNanos; // written only by the loop's thread, after the first
        private volatile long lastLagNanos; // written only by the loop's thread
        private final StandingLag standing = new StandingLag(System.nanoTime());

        Probe(EventExecutor loop) {
            this.loop = loop;
        }

        void schedule() {
            dueNanos = System.nanoTime() + PROBE_PERIOD_NANOS;
            var unused = loop.schedule(this, PROBE_PERIOD_NANOS, TimeUnit.NANOSECONDS);
        }

        @Override
        public void run() {
            long now = System.nanoTime();
            lastLagNanos = Math.max(0, now - dueNanos);
            standing.add(now, lastLagNanos);
            if (!loop.isShuttingDown()) {
                schedule();
            }
        }

        long lagNanos(long now) {
            return Math.max(lastLagNanos, now - dueNanos);
        }
    }
}
