package io.foresell.kit;

import io.foresell.kit.identity.Role;
import io.grpc.MethodDescriptor;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Who may call which method: one entry for each method of each service, and a method without one cannot be served. Health is
 * open, reflection is for those who are signed in. Immutable.
 */
public final class AccessTable {
    /** Returns the model that a message is about; null when it names none, as a chunk of a stream does. */
    @FunctionalInterface
    public interface ModelOf<Q> {
        @Nullable
        String model(Q message);
    }

    /** Returns an answer without what is about models the caller may not know of. */
    @FunctionalInterface
    public interface Filter<A> {
        A kept(A answer, Predicate<String> mayKnow);
    }

    /** What is asked of a caller. */
    public enum Asked {
        /** Nothing. */
        NOTHING,
        /** To be signed in. */
        IDENTITY,
        /** A role on the model that the request names. */
        ROLE_ON_MODEL,
        /** A role on any model; the answer leaves out the others. */
        ROLE_SOMEWHERE,
        /** A role on every model. */
        ROLE_EVERYWHERE
    }

    /**
     * The entry of one method.
     *
     * @param roles one of which is asked for; none where no role is
     */
    public record Rule(
            Asked asked, Set<Role> roles, @Nullable ModelOf<Object> model, @Nullable Filter<Object> filter) {}

    private static final Rule OPEN = new Rule(Asked.NOTHING, Set.of(), null, null);
    private static final Rule SIGNED_IN = new Rule(Asked.IDENTITY, Set.of(), null, null);

    private final Map<String, Rule> rules;

    private AccessTable(Map<String, Rule> rules) {
        this.rules = Collections.unmodifiableMap(new LinkedHashMap<>(rules));
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Collects the entries of a table. Not thread-safe. */
    public static final class Builder {
        private final Map<String, Rule> rules = new LinkedHashMap<>();

        private Builder() {}

        /** Lets everybody call. */
        public Builder open(MethodDescriptor<?, ?> method) {
            return put(method, OPEN);
        }

        /** Lets everybody call who is signed in. */
        public Builder signedIn(MethodDescriptor<?, ?> method) {
            return put(method, SIGNED_IN);
        }

        /** Lets those call who have one of the roles on the model that each message names. */
        public <Q> Builder model(MethodDescriptor<Q, ?> method, ModelOf<Q> model, Role... roles) {
            return put(method, new Rule(Asked.ROLE_ON_MODEL, set(roles), erased(model), null));
        }

        /** Lets those call who have one of the roles on the model, or on any when the message names none; filters the answer. */
        public <Q, A> Builder filtered(
                MethodDescriptor<Q, A> method, ModelOf<Q> model, Filter<A> filter, Role... roles) {
            return put(method, new Rule(Asked.ROLE_SOMEWHERE, set(roles), erased(model), erased(filter)));
        }

        /** Lets those call who have one of the roles on every model. */
        public Builder everyModel(MethodDescriptor<?, ?> method, Role... roles) {
            return put(method, new Rule(Asked.ROLE_EVERYWHERE, set(roles), null, null));
        }

        /** Lets those call who have one of the roles on any model; for what is about none. */
        public Builder somewhere(MethodDescriptor<?, ?> method, Role... roles) {
            return put(method, new Rule(Asked.ROLE_SOMEWHERE, set(roles), null, null));
        }

        public AccessTable build() {
            return new AccessTable(rules);
        }

        private Builder put(MethodDescriptor<?, ?> method, Rule rule) {
            if (rules.put(method.getFullMethodName(), rule) != null) {
                throw new IllegalStateException("two entries for " + method.getFullMethodName());
            }
            return this;
        }

        private static Set<Role> set(Role... roles) {
            Set<Role> set = EnumSet.of(Role.ADMIN);
            Collections.addAll(set, roles);
            return Collections.unmodifiableSet(set);
        }

        /** A method's messages are of its own types: its descriptor parsed them. */
        @SuppressWarnings("unchecked")
        private static ModelOf<Object> erased(ModelOf<?> model) {
            return (ModelOf<Object>) model;
        }

        @SuppressWarnings("unchecked")
        private static Filter<Object> erased(Filter<?> filter) {
            return (Filter<Object>) filter;
        }
    }

    /** Returns the entries by full method name, in the order they were made. */
    public Map<String, Rule> rules() {
        return rules;
    }

    /**
     * Checks that every method of a service has an entry.
     *
     * @throws IllegalStateException naming one that has none
     */
    void requireComplete(ServerServiceDefinition service) {
        for (ServerMethodDefinition<?, ?> method : service.getMethods()) {
            String name = method.getMethodDescriptor().getFullMethodName();
            if (!rules.containsKey(name)) {
                throw new IllegalStateException("no entry in the access table for " + name);
            }
        }
    }

    Rule of(MethodDescriptor<?, ?> method) {
        Rule rule = rules.get(method.getFullMethodName());
        if (rule != null) {
            return rule;
        }
        // Probes know no credential; everything else that is not declared (reflection) asks for one.
        return "grpc.health.v1.Health".equals(method.getServiceName()) ? OPEN : SIGNED_IN;
    }
}
