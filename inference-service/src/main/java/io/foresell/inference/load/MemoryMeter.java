package io.foresell.inference.load;

import com.google.protobuf.MessageLite;
import com.sun.management.HotSpotDiagnosticMXBean;
import io.foresell.model.pack.ModelPackage;
import io.foresell.model.scorer.Scorer;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says what a loaded version keeps in memory: each object that is reached from its package and scorer, by its fields, once, as HotSpot lays
 * objects out; and for a session of ONNX Runtime what lies beside the heap. Objects of the JDK, whose fields are closed, count by what they
 * hold. What all versions share (classes, loggers, descriptors) counts nothing. Thread-safe.
 */
final class MemoryMeter {
    private static final Logger log = LoggerFactory.getLogger(MemoryMeter.class);
    private static final int REFERENCE = hasCompressedPointers() ? 4 : 8;
    private static final int HEADER = hasCompressedPointers() ? 12 : 16;
    private static final int ARRAY_HEADER = hasCompressedPointers() ? 16 : 24;
    private static final int ENTRY = 48; // of a map: the node and its place in the table

    // Meters, statistics by batch size and what routes count: what each version costs however small its package.
    private static final long EACH = 48 << 10;

    // A parsed message beside what it is written as: an object and some references for each field, a character for each
    // byte.
    private static final int MESSAGE_FACTOR = 4;

    // Measured by MemoryMeterTest: a session keeps weights and graph twice, and tables of its own.
    private static final int SESSION_FACTOR = 2;
    private static final long SESSION = 128 << 10;

    private static final ClassValue<List<Field>> REFERENCES = new ClassValue<>() {
        @Override
        protected List<Field> computeValue(Class<?> type) {
            return references(type);
        }
    };
    private static final ClassValue<Long> SHALLOW = new ClassValue<>() {
        @Override
        protected Long computeValue(Class<?> type) {
            return shallow(type);
        }
    };

    private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Deque<Object> waiting = new ArrayDeque<>();
    private long bytes;

    private MemoryMeter() {}

    /** Returns what a version keeps, bytes. */
    static long bytesOf(ModelPackage modelPackage, Scorer scorer) {
        long beside = scorer.engine().equals("onnxruntime")
                ? SESSION + (long) SESSION_FACTOR * modelPackage.onnx().length
                : 0;
        return EACH + beside + retained(List.of(modelPackage, scorer));
    }

    /** Returns what objects and all they reach keep on the heap. */
    static long retained(List<?> roots) {
        MemoryMeter meter = new MemoryMeter();
        roots.forEach(meter::reach);
        while (!meter.waiting.isEmpty()) {
            meter.add(meter.waiting.remove());
        }
        return meter.bytes;
    }

    private void reach(@org.jspecify.annotations.Nullable Object object) {
        if (object != null && !isShared(object) && seen.add(object)) {
            waiting.add(object);
        }
    }

    private static boolean isShared(Object object) {
        if (object instanceof Class || object instanceof Enum || object instanceof ClassLoader) {
            return true;
        }
        return object instanceof Thread
                || object instanceof Logger
                || object.getClass().getName().startsWith("ai.onnxruntime.");
    }

    private void add(Object object) {
        Class<?> type = object.getClass();
        if (type.isArray()) {
            addArray(object, type.getComponentType());
        } else if (object instanceof MessageLite message) {
            bytes += aligned(HEADER) + (long) MESSAGE_FACTOR * message.getSerializedSize();
        } else if (object instanceof String text) {
            // Latin-1 or not cannot be seen: model texts nearly always are.
            bytes += aligned(HEADER + REFERENCE + 8) + aligned(ARRAY_HEADER + text.length());
        } else if (isOfJdk(type)) {
            addClosed(object);
        } else {
            bytes += SHALLOW.get(type);
            for (Field field : REFERENCES.get(type)) {
                reach(valueOf(field, object));
            }
        }
    }

    private void addArray(Object array, Class<?> component) {
        int length = Array.getLength(array);
        bytes += aligned(ARRAY_HEADER + (long) length * sizeOf(component));
        if (array instanceof Object[] objects) {
            for (Object object : objects) {
                reach(object);
            }
        }
    }

    /** An object whose fields cannot be read. */
    private void addClosed(Object object) {
        if (object instanceof Map<?, ?> map) {
            bytes += aligned(HEADER + 40) + (long) ENTRY * map.size();
            map.forEach((key, value) -> {
                reach(key);
                reach(value);
            });
        } else if (object instanceof Collection<?> collection) {
            boolean isSet = object instanceof Set;
            bytes += aligned(HEADER + 16)
                    + aligned(ARRAY_HEADER + (long) collection.size() * (isSet ? ENTRY : REFERENCE));
            collection.forEach(this::reach);
        } else {
            bytes += aligned(HEADER + 16); // a number, a lock, an optional
        }
    }

    private static boolean isOfJdk(Class<?> type) {
        return type.getClassLoader() == null || type.getName().startsWith("java.");
    }

    private static @org.jspecify.annotations.Nullable Object valueOf(Field field, Object object) {
        try {
            return field.get(object);
        } catch (IllegalAccessException e) {
            log.debug("field not measured field={}", field, e);
            return null;
        }
    }

    private static List<Field> references(Class<?> type) {
        List<Field> fields = new ArrayList<>();
        for (Class<?> each = type; each != null && !isOfJdk(each); each = each.getSuperclass()) {
            for (Field field : each.getDeclaredFields()) {
                boolean isReference = !Modifier.isStatic(field.getModifiers())
                        && !field.getType().isPrimitive();
                if (isReference && field.trySetAccessible()) {
                    fields.add(field);
                }
            }
        }
        return List.copyOf(fields);
    }

    private static long shallow(Class<?> type) {
        long size = HEADER;
        for (Class<?> each = type; each != null; each = each.getSuperclass()) {
            for (Field field : each.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers())) {
                    size += sizeOf(field.getType());
                }
            }
        }
        return aligned(size);
    }

    private static int sizeOf(Class<?> type) {
        if (!type.isPrimitive()) {
            return REFERENCE;
        }
        if (type == long.class || type == double.class) {
            return 8;
        }
        if (type == int.class || type == float.class) {
            return 4;
        }
        return type == short.class || type == char.class ? 2 : 1;
    }

    private static long aligned(long size) {
        return (size + 7) / 8 * 8;
    }

    private static boolean hasCompressedPointers() {
        try {
            HotSpotDiagnosticMXBean machine = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
            return Boolean.parseBoolean(machine.getVMOption("UseCompressedOops").getValue());
        } catch (RuntimeException e) {
            log.debug("not HotSpot, counting wide pointers", e);
            return false;
        }
    }
}
