package io.foresell.training.serve;

import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Message;
import io.foresell.kit.Names;
import io.foresell.kit.ServiceException;
import io.foresell.proto.training.v1.Candidate;
import io.foresell.proto.training.v1.Search;
import io.foresell.proto.training.v1.SearchParameter;
import io.foresell.training.fit.Algorithm;
import io.foresell.training.search.Dimension;
import io.foresell.training.search.SearchPlan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads how a candidate's parameters are searched: any field of its algorithm's message that is a number, a name or a yes. */
final class SearchProtos {
    private static final int MAX_PARAMETERS = 20;

    private SearchProtos() {}

    /** Returns the plan; null without one, or after a refusal. */
    static @Nullable SearchPlan toPlan(String field, Candidate candidate, SpecCheck check) {
        FieldDescriptor algorithm = candidate.getOneofFieldDescriptor(
                Candidate.getDescriptor().getOneofs().get(0));
        if (!candidate.hasTuning() || algorithm == null) {
            return null;
        }
        Search message = candidate.getTuning();
        List<Dimension> dimensions = dimensions(field, algorithm, message.getParametersList(), check);
        if (dimensions.isEmpty()) {
            return null;
        }
        for (int i = 0; i < dimensions.size(); i++) {
            requireTaken(
                    "%s.parameters[%d]".formatted(field, i),
                    candidate,
                    algorithm,
                    dimensions,
                    dimensions.get(i),
                    check);
        }
        SearchPlan.Method method =
                switch (message.getMethod()) {
                    case SEARCH_METHOD_GRID -> SearchPlan.Method.GRID;
                    case SEARCH_METHOD_RANDOM -> SearchPlan.Method.RANDOM;
                    case SEARCH_METHOD_HALVING -> SearchPlan.Method.HALVING;
                    case SEARCH_METHOD_TPE, SEARCH_METHOD_UNSPECIFIED, UNRECOGNIZED -> SearchPlan.Method.TPE;
                };
        int trials = check.count(field + ".trials", message.getTrials(), 20, 1, 1000);
        double seconds = check.number(field + ".seconds", message.hasSeconds(), message.getSeconds(), 600, 0.001, 1e6);
        int innerFolds = check.count(field + ".inner_folds", message.getInnerFolds(), 3, 2, 10);
        return new SearchPlan(
                method, trials, seconds, innerFolds, dimensions, values -> configured(candidate, algorithm, values));
    }

    private static List<Dimension> dimensions(
            String field, FieldDescriptor algorithm, List<SearchParameter> parameters, SpecCheck check) {
        if (parameters.isEmpty() || parameters.size() > MAX_PARAMETERS) {
            check.refuse(field + ".parameters", parameters.size() + " parameters", "1.." + MAX_PARAMETERS);
            return List.of();
        }
        List<Dimension> dimensions = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (int i = 0; i < parameters.size(); i++) {
            SearchParameter parameter = parameters.get(i);
            String place = "%s.parameters[%d]".formatted(field, i);
            FieldDescriptor searched = algorithm.getMessageType().findFieldByName(parameter.getName());
            if (searched == null || searched.isRepeated() || searched.getJavaType() == JavaType.MESSAGE) {
                List<String> known = searchable(algorithm);
                check.refuse(
                        place + ".name",
                        parameter.getName(),
                        "one of %s; nearest: %s"
                                .formatted(String.join(", ", known), Names.nearest(parameter.getName(), known)));
            } else if (!names.add(parameter.getName())) {
                check.refuse(place + ".name", parameter.getName(), "each parameter once");
            } else {
                Dimension dimension = check.checked(place, () -> dimension(searched, parameter));
                if (dimension != null) {
                    dimensions.add(dimension);
                }
            }
        }
        return dimensions.size() == parameters.size() ? dimensions : List.of();
    }

    private static List<String> searchable(FieldDescriptor algorithm) {
        return algorithm.getMessageType().getFields().stream()
                .filter(each -> !each.isRepeated() && each.getJavaType() != JavaType.MESSAGE)
                .map(FieldDescriptor::getName)
                .toList();
    }

    private static Dimension dimension(FieldDescriptor searched, SearchParameter parameter) {
        List<Object> choices = new ArrayList<>(parameter.getNamesList());
        choices.addAll(parameter.getValuesList());
        if (!choices.isEmpty()) {
            return new Dimension.Choice(parameter.getName(), choices);
        }
        boolean isInteger = searched.getJavaType() == JavaType.INT || searched.getJavaType() == JavaType.LONG;
        return new Dimension.Range(
                parameter.getName(), parameter.getFrom(), parameter.getTo(), parameter.getLogarithmic(), isInteger);
    }

    /** Replaces fields of the algorithm's message and reads it like any other, so that ranges are checked the same way. */
    private static Algorithm configured(Candidate candidate, FieldDescriptor algorithm, Map<String, Object> values) {
        SpecCheck check = new SpecCheck();
        Message.Builder message = ((Message) candidate.getField(algorithm)).toBuilder();
        values.forEach((name, value) -> {
            FieldDescriptor field = algorithm.getMessageType().findFieldByName(name);
            Object converted = converted(field, value);
            if (converted == null) {
                check.refuse("tuning." + name, value, expected(field));
            } else {
                message.setField(field, converted);
            }
        });
        check.done();
        Algorithm configured = AlgorithmProtos.toAlgorithm(
                "tuning",
                candidate.toBuilder().setField(algorithm, message.build()).build(),
                check);
        check.done();
        if (configured == null) {
            throw new IllegalStateException("no algorithm for " + values);
        }
        return configured;
    }

    /**
     * Refuses values that the algorithm does not take, the others being in the middle of theirs: tried blindly they would only fail, trial by
     * trial.
     */
    private static void requireTaken(
            String place,
            Candidate candidate,
            FieldDescriptor algorithm,
            List<Dimension> all,
            Dimension searched,
            SpecCheck check) {
        Map<String, Object> values = new HashMap<>();
        all.forEach(each -> values.put(each.name(), each.at(0.5)));
        List<Object> extremes = searched instanceof Dimension.Choice choice
                ? choice.values()
                : List.of(searched.at(0), searched.at(Math.nextDown(1.0)));
        for (Object value : extremes) {
            values.put(searched.name(), value);
            try {
                configured(candidate, algorithm, values);
            } catch (ServiceException e) {
                e.failure().violations().stream()
                        .filter(violation -> violation.field().endsWith("." + searched.name()))
                        .findFirst()
                        .ifPresent(violation -> check.refuse(place + "." + searched.name(), violation));
            }
        }
    }

    private static String expected(FieldDescriptor field) {
        return switch (field.getJavaType()) {
            case INT, LONG -> "a whole number";
            case FLOAT, DOUBLE -> "a number";
            case BOOLEAN -> "true or false";
            case ENUM -> "one of "
                    + field.getEnumType().getValues().stream()
                            .filter(value -> value.getNumber() != 0)
                            .map(value -> shortName(field, value))
                            .collect(Collectors.joining(", "));
            case STRING, BYTE_STRING, MESSAGE -> "a text";
        };
    }

    /** Returns rbf of SVM_KERNEL_RBF. */
    private static String shortName(FieldDescriptor field, EnumValueDescriptor value) {
        String zero = field.getEnumType().findValueByNumber(0).getName();
        int prefix = zero.length() - "UNSPECIFIED".length();
        return value.getName()
                .substring(Math.min(prefix, value.getName().length()))
                .toLowerCase(Locale.ROOT);
    }

    private static @Nullable Object converted(FieldDescriptor field, Object value) {
        if (value instanceof Double number) {
            boolean isWhole = number == Math.rint(number);
            return switch (field.getJavaType()) {
                case INT -> isWhole && Math.abs(number) <= Integer.MAX_VALUE ? (int) (double) number : null;
                case LONG -> isWhole ? (long) (double) number : null;
                case FLOAT -> (float) (double) number;
                case DOUBLE -> number;
                case BOOLEAN -> number != 0;
                case STRING, BYTE_STRING, ENUM, MESSAGE -> null;
            };
        }
        return switch (field.getJavaType()) {
            case STRING -> value;
            case ENUM -> enumValue(field, value.toString());
            case BOOLEAN -> switch (value.toString()) {
                case "true" -> true;
                case "false" -> false;
                default -> null;
            };
            case INT, LONG, FLOAT, DOUBLE, BYTE_STRING, MESSAGE -> null;
        };
    }

    /** Finds LSTM of NETWORK_KIND_LSTM, in any case. */
    private static @Nullable EnumValueDescriptor enumValue(FieldDescriptor field, String name) {
        String wanted = name.toUpperCase(Locale.ROOT);
        return field.getEnumType().getValues().stream()
                .filter(each -> each.getName().equals(wanted) || each.getName().endsWith("_" + wanted))
                .findFirst()
                .orElse(null);
    }
}
