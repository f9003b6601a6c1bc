using TorchSharp.Interop;

namespace TorchSharp;

// Arithmetic, comparison and logic, called as torch.f(x, y).
public static partial class torch
{
    public static bool allclose(Tensor tensor, Tensor target, double rtol = 1E-05, double atol = 1E-08, bool equal_nan = false) =>
        tensor.Given().allclose(target, rtol, atol, equal_nan);

    public static bool is_nonzero(Tensor input) => input.Given().is_nonzero();

    public static Tensor add(Tensor left, Scalar right) => left.Given().add(right);

    public static Tensor add(Tensor left, Scalar right, Scalar alpha) => left.Given().add(right, alpha);

    public static Tensor add(Tensor left, Tensor right) => left.Given().add(right);

    public static Tensor add(Tensor left, Tensor right, Scalar alpha) => left.Given().add(right, alpha);

    public static Tensor add_(Tensor left, Scalar right) => left.Given().add_(right);

    public static Tensor add_(Tensor left, Scalar right, Scalar alpha) => left.Given().add_(right, alpha);

    public static Tensor add_(Tensor left, Tensor right) => left.Given().add_(right);

    public static Tensor add_(Tensor left, Tensor right, Scalar alpha) => left.Given().add_(right, alpha);

    public static Tensor addcdiv(Tensor input, Tensor tensor1, Tensor tensor2, Scalar value) =>
        input.Given().addcdiv(tensor1, tensor2, value);

    public static Tensor addcdiv_(Tensor input, Tensor tensor1, Tensor tensor2, Scalar value) =>
        input.Given().addcdiv_(tensor1, tensor2, value);

    public static Tensor addcmul(Tensor input, Tensor tensor1, Tensor tensor2, Scalar value) =>
        input.Given().addcmul(tensor1, tensor2, value);

    public static Tensor addcmul_(Tensor input, Tensor tensor1, Tensor tensor2, Scalar value) =>
        input.Given().addcmul_(tensor1, tensor2, value);

    public static Tensor bitwise_and(Tensor left, Tensor right) => left.Given().bitwise_and(right);

    public static Tensor bitwise_and_(Tensor left, Tensor right) => left.Given().bitwise_and_(right);

    public static Tensor bitwise_or(Tensor left, Tensor right) => left.Given().bitwise_or(right);

    public static Tensor bitwise_or_(Tensor left, Tensor right) => left.Given().bitwise_or_(right);

    public static Tensor bitwise_xor(Tensor left, Tensor right) => left.Given().bitwise_xor(right);

    public static Tensor bitwise_xor_(Tensor left, Tensor right) => left.Given().bitwise_xor_(right);

    public static Tensor clamp(Tensor input, Scalar? min = null, Scalar? max = null) => input.Given().clamp(min, max);

    public static Tensor clamp(Tensor input, Tensor? min = null, Tensor? max = null) => input.Given().clamp(min, max);

    public static Tensor clamp_(Tensor input, Scalar? min = null, Scalar? max = null) => input.Given().clamp_(min, max);

    public static Tensor clamp_(Tensor input, Tensor? min = null, Tensor? max = null) => input.Given().clamp_(min, max);

    public static Tensor clamp_max(Tensor input, Scalar max) => input.Given().clamp_max(max);

    public static Tensor clamp_max_(Tensor input, Scalar max) => input.Given().clamp_max_(max);

    public static Tensor clamp_min(Tensor input, Scalar min) => input.Given().clamp_min(min);

    public static Tensor clamp_min_(Tensor input, Scalar min) => input.Given().clamp_min_(min);

    public static Tensor div(Tensor left, Scalar right, RoundingMode rounding_mode = RoundingMode.None) =>
        left.Given().div(right, rounding_mode);

    public static Tensor div(Tensor left, Tensor right, RoundingMode rounding_mode = RoundingMode.None) =>
        left.Given().div(right, rounding_mode);

    public static Tensor div_(Tensor left, Scalar right, RoundingMode rounding_mode = RoundingMode.None) =>
        left.Given().div_(right, rounding_mode);

    public static Tensor div_(Tensor left, Tensor right, RoundingMode rounding_mode = RoundingMode.None) =>
        left.Given().div_(right, rounding_mode);

    public static Tensor eq(Tensor left, Tensor right) => left.Given().eq(right);

    public static Tensor floor_divide(Tensor input, Tensor other) => input.Given().floor_divide(other);

    public static Tensor floor_divide_(Tensor input, Tensor other) => input.Given().floor_divide_(other);

    public static Tensor fmod(Tensor left, Scalar right) => left.Given().fmod(right);

    public static Tensor fmod(Tensor left, Tensor right) => left.Given().fmod(right);

    public static Tensor fmod_(Tensor left, Scalar right) => left.Given().fmod_(right);

    public static Tensor fmod_(Tensor left, Tensor right) => left.Given().fmod_(right);

    public static Tensor ge(Tensor left, Tensor right) => left.Given().ge(right);

    public static Tensor gt(Tensor left, Tensor right) => left.Given().gt(right);

    public static Tensor isclose(Tensor tensor, Tensor other, double rtol = 1E-05, double atol = 1E-08, bool nanEqual = false) =>
        tensor.Given().isclose(other, rtol, atol, nanEqual);

    public static Tensor le(Tensor left, Tensor right) => left.Given().le(right);

    public static Tensor lerp(Tensor input, Tensor end, Tensor weight) => input.Given().lerp(end, weight);

    public static Tensor logical_and(Tensor left, Tensor right) => left.Given().logical_and(right);

    public static Tensor logical_and_(Tensor left, Tensor right) => left.Given().logical_and_(right);

    public static Tensor logical_or(Tensor left, Tensor right) => left.Given().logical_or(right);

    public static Tensor logical_or_(Tensor left, Tensor right) => left.Given().logical_or_(right);

    public static Tensor logical_xor(Tensor left, Tensor right) => left.Given().logical_xor(right);

    public static Tensor logical_xor_(Tensor left, Tensor right) => left.Given().logical_xor_(right);

    public static Tensor lt(Tensor left, Tensor right) => left.Given().lt(right);

    public static Tensor maximum(Tensor input, Tensor other) => input.Given().maximum(other);

    public static Tensor minimum(Tensor input, Tensor other) => input.Given().minimum(other);

    public static Tensor mul(Tensor left, Scalar right) => left.Given().mul(right);

    public static Tensor mul(Tensor left, Tensor right) => left.Given().mul(right);

    public static Tensor mul_(Tensor left, Scalar right) => left.Given().mul_(right);

    public static Tensor mul_(Tensor left, Tensor right) => left.Given().mul_(right);

    public static Tensor ne(Tensor left, Tensor right) => left.Given().ne(right);

    public static Tensor pow(Tensor left, Scalar exponent) => left.Given().pow(exponent);

    public static Tensor pow(Tensor left, Tensor exponent) => left.Given().pow(exponent);

    public static Tensor pow_(Tensor left, Scalar exponent) => left.Given().pow_(exponent);

    public static Tensor pow_(Tensor left, Tensor exponent) => left.Given().pow_(exponent);

    public static Tensor remainder(Tensor left, Scalar right) => left.Given().remainder(right);

    public static Tensor remainder(Tensor left, Tensor right) => left.Given().remainder(right);

    public static Tensor remainder_(Tensor left, Scalar right) => left.Given().remainder_(right);

    public static Tensor remainder_(Tensor left, Tensor right) => left.Given().remainder_(right);

    public static Tensor sub(Tensor left, Scalar right) => left.Given().sub(right);

    public static Tensor sub(Tensor left, Tensor right) => left.Given().sub(right);

    public static Tensor sub_(Tensor left, Scalar right) => left.Given().sub_(right);

    public static Tensor sub_(Tensor left, Tensor right) => left.Given().sub_(right);
}
