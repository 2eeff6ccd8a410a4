package io.foresell.standalone.fuzz;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;

/** Makes messages of any type, and other messages of sound ones. */
final class Messages {
    private static final int MAX_DEPTH = 6;

    private final Dice dice;

    Messages(Dice dice) {
        this.dice = dice;
    }

    Message any(Descriptor type) {
        DynamicMessage.Builder message = DynamicMessage.newBuilder(type);
        fill(message, 0);
        return message.buildPartial();
    }

    /** Returns the message with some of its fields, of whatever depth, set to something else or cleared. */
    Message changed(Message sound) {
        Message.Builder message = sound.toBuilder();
        for (int i = 1 + dice.below(3); i > 0; i--) {
            change(message, 0);
        }
        return message.buildPartial();
    }

    private void change(Message.Builder message, int depth) {
        var fields = message.getDescriptorForType().getFields();
        if (fields.isEmpty()) {
            return;
        }
        FieldDescriptor field = dice.any(fields);
        boolean isMessage = field.getJavaType() == FieldDescriptor.JavaType.MESSAGE && !field.isMapField();
        if (isMessage && !field.isRepeated() && message.hasField(field) && dice.below(4) > 0) {
            change(message.getFieldBuilder(field), depth + 1);
        } else if (isMessage && field.isRepeated() && message.getRepeatedFieldCount(field) > 0 && dice.below(4) > 0) {
            int at = dice.below(message.getRepeatedFieldCount(field));
            Message.Builder one = ((Message) message.getRepeatedField(field, at)).toBuilder();
            change(one, depth + 1);
            message.setRepeatedField(field, at, one.buildPartial());
        } else if (dice.onceIn(5)) {
            message.clearField(field);
        } else {
            set(message, field, depth);
        }
    }

    private void fill(Message.Builder message, int depth) {
        for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
            if (depth < MAX_DEPTH && dice.below(3) > 0) {
                set(message, field, depth);
            }
        }
    }

    private void set(Message.Builder message, FieldDescriptor field, int depth) {
        if (!field.isRepeated()) {
            message.setField(field, value(message, field, depth));
            return;
        }
        for (int i = dice.onceIn(40) ? dice.below(400) : dice.below(4); i > 0; i--) {
            message.addRepeatedField(field, value(message, field, depth));
        }
    }

    private Object value(Message.Builder parent, FieldDescriptor field, int depth) {
        return switch (field.getJavaType()) {
            case INT -> (int) dice.whole();
            case LONG -> dice.whole();
            case FLOAT -> (float) dice.number();
            case DOUBLE -> dice.number();
            case BOOLEAN -> dice.onceIn(2);
            case STRING -> dice.word();
            case BYTE_STRING -> ByteString.copyFrom(dice.bytes(dice.below(200)));
            case ENUM -> dice.onceIn(5)
                    ? field.getEnumType().findValueByNumberCreatingIfUnknown((int) dice.whole())
                    : dice.any(field.getEnumType().getValues());
            case MESSAGE -> {
                Message.Builder inner = parent.newBuilderForField(field);
                if (depth < MAX_DEPTH) {
                    fill(inner, depth + 1);
                }
                yield inner.buildPartial();
            }
        };
    }
}
