package io.foresell.training.rollout;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Set;

/** Ends everything at some write, just before it or just behind it, as a kill of the process would. */
final class Kills {
    private static final Set<String> WRITES = Set.of("insertOne", "replaceOne", "updateOne");

    /** The process is gone. */
    static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    private int writesLeft = Integer.MAX_VALUE;
    private boolean isBehind;

    /** Kills at the write number {@code write} from now, counted from 1. */
    void at(int write, boolean behind) {
        writesLeft = write;
        isBehind = behind;
    }

    void never() {
        writesLeft = Integer.MAX_VALUE;
    }

    /** Does a write, unless the process is gone before or behind it. */
    <T> T write(java.util.concurrent.Callable<T> work) throws Exception {
        boolean isLast = --writesLeft == 0;
        if ((isLast && !isBehind) || writesLeft < 0) {
            throw new Killed();
        }
        T result = work.call();
        if (isLast) {
            throw new Killed();
        }
        return result;
    }

    /** Returns the same database, mortal. */
    MongoDatabase mortal(MongoDatabase database) {
        return proxy(MongoDatabase.class, (proxy, method, arguments) -> {
            Object result = call(() -> method.invoke(database, arguments));
            return result instanceof MongoCollection<?> collection ? mortal(collection) : result;
        });
    }

    private MongoCollection<?> mortal(MongoCollection<?> collection) {
        return proxy(
                MongoCollection.class,
                (proxy, method, arguments) -> WRITES.contains(method.getName())
                        ? write(() -> call(() -> method.invoke(collection, arguments)))
                        : call(() -> method.invoke(collection, arguments)));
    }

    private static Object call(java.util.concurrent.Callable<Object> work) throws Exception {
        try {
            return work.call();
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
