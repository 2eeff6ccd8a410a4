package io.foresell.gateway.rest;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.MapEntry;
import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Wide answers as JSON, field by field under the names of the proto: numbers as numbers, enums by name, bytes in base 64, an absent field
 * as null.
 */
final class MessageJson {
    private MessageJson() {}

    static Map<String, @Nullable Object> of(Message message) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
            if (field.getRealContainingOneof() != null && !message.hasField(field)) {
                continue; // another one of them is set, or none
            }
            json.put(field.getName(), value(message, field));
        }
        return json;
    }

    private static @Nullable Object value(Message message, FieldDescriptor field) {
        if (field.isMapField()) {
            Map<String, @Nullable Object> entries = new LinkedHashMap<>();
            for (Object entry : (List<?>) message.getField(field)) {
                MapEntry<?, ?> pair = (MapEntry<?, ?>) entry;
                FieldDescriptor of = field.getMessageType().findFieldByName("value");
                entries.put(String.valueOf(pair.getKey()), one(of, pair.getValue()));
            }
            return entries;
        }
        if (field.isRepeated()) {
            List<@Nullable Object> values = new ArrayList<>();
            for (Object value : (List<?>) message.getField(field)) {
                values.add(one(field, value));
            }
            return values;
        }
        return field.hasPresence() && !message.hasField(field) ? null : one(field, message.getField(field));
    }

    private static @Nullable Object one(FieldDescriptor field, Object value) {
        if (field.getJavaType() == JavaType.MESSAGE) {
            return of((Message) value);
        }
        if (value instanceof EnumValueDescriptor constant) {
            return constant.getName();
        }
        if (value instanceof ByteString bytes) {
            return Base64.getEncoder().encodeToString(bytes.toByteArray());
        }
        boolean isNoNumber = value instanceof Double number && !Double.isFinite(number);
        return isNoNumber ? null : value; // JSON has no NaN
    }
}
