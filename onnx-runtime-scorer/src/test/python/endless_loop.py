"""Writes src/test/resources/endless_loop.onnx: x -> value = x, by a loop that goes on while x is above 0. Needs onnx."""
import pathlib

from onnx import TensorProto, helper

count = helper.make_tensor_value_info("count", TensorProto.INT64, [])
going = helper.make_tensor_value_info("going", TensorProto.BOOL, [])
state = helper.make_tensor_value_info("state", TensorProto.FLOAT, None)
again = helper.make_tensor_value_info("again", TensorProto.BOOL, [])
state_out = helper.make_tensor_value_info("state_out", TensorProto.FLOAT, None)
body = helper.make_graph(
    [
        helper.make_node("Identity", ["state"], ["state_out"]),
        helper.make_node("Identity", ["going"], ["again"]),
    ],
    "body", [count, going, state], [again, state_out])
zero = helper.make_tensor("zero", TensorProto.FLOAT, [], [0.0])
graph = helper.make_graph(
    [
        helper.make_node("ReduceMax", ["x"], ["largest"], keepdims=0),
        helper.make_node("Greater", ["largest", "zero"], ["first"]),
        helper.make_node("Loop", ["", "first", "x"], ["value"], body=body),
    ],
    "endless",
    [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["N", 1])],
    [helper.make_tensor_value_info("value", TensorProto.FLOAT, ["N", 1])],
    [zero])
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 15)], ir_version=8)
target = pathlib.Path(__file__).parent.parent / "resources" / "endless_loop.onnx"
target.write_bytes(model.SerializeToString())
