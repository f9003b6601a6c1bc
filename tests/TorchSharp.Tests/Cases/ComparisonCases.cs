using TorchSharp.Tests.Support;
using static TorchSharp.Tests.Support.Case;

namespace TorchSharp.Tests.Cases;

/// <summary>Comparisons, and logic on truth values and on bits.</summary>
internal static class ComparisonCases
{
    public static readonly Case[] All =
    [
        Two("eq", ("eq", (x, y) => x.eq(y)), ("torch.eq", torch.eq), ("op_Equality", (x, y) => x == y), ("eq_", (x, y) => x.clone().eq_(y).@bool())),
        Two("ne", ("ne", (x, y) => x.ne(y)), ("torch.ne", torch.ne), ("op_Inequality", (x, y) => x != y), ("ne_", (x, y) => x.clone().ne_(y).@bool())),
        Two("lt", ("lt", (x, y) => x.lt(y)), ("torch.lt", torch.lt), ("op_LessThan", (x, y) => x < y), ("lt_", (x, y) => x.clone().lt_(y).@bool())),
        Two("le", ("le", (x, y) => x.le(y)), ("torch.le", torch.le), ("op_LessThanOrEqual", (x, y) => x <= y), ("le_", (x, y) => x.clone().le_(y).@bool())),
        Two("gt", ("gt", (x, y) => x.gt(y)), ("torch.gt", torch.gt), ("op_GreaterThan", (x, y) => x > y), ("gt_", (x, y) => x.clone().gt_(y).@bool())),
        Two("ge", ("ge", (x, y) => x.ge(y)), ("torch.ge", torch.ge), ("op_GreaterThanOrEqual", (x, y) => x >= y), ("ge_", (x, y) => x.clone().ge_(y).@bool())),
        One("eq_scalar", ("eq(Scalar)", x => x.eq(1)), ("op_Equality(Scalar)", x => x == 1), ("op_Equality(Scalar first)", x => 1 == x),
            ("eq_(Scalar)", x => x.clone().eq_(1).@bool())),
        One("ne_scalar", ("ne(Scalar)", x => x.ne(1)), ("op_Inequality(Scalar)", x => x != 1), ("op_Inequality(Scalar first)", x => 1 != x),
            ("ne_(Scalar)", x => x.clone().ne_(1).@bool())),
        One("lt_scalar", ("lt(Scalar)", x => x.lt(2)), ("op_LessThan(Scalar)", x => x < 2), ("op_GreaterThan(Scalar first)", x => 2 > x),
            ("lt_(Scalar)", x => x.clone().lt_(2).@bool())),
        One("le_scalar", ("le(Scalar)", x => x.le(2)), ("op_LessThanOrEqual(Scalar)", x => x <= 2), ("op_GreaterThanOrEqual(Scalar first)", x => 2 >= x),
            ("le_(Scalar)", x => x.clone().le_(2).@bool())),
        One("gt_scalar", ("gt(Scalar)", x => x.gt(2)), ("op_GreaterThan(Scalar)", x => x > 2), ("op_LessThan(Scalar first)", x => 2 < x),
            ("gt_(Scalar)", x => x.clone().gt_(2).@bool())),
        One("ge_scalar", ("ge(Scalar)", x => x.ge(2)), ("op_GreaterThanOrEqual(Scalar)", x => x >= 2), ("op_LessThanOrEqual(Scalar first)", x => 2 <= x),
            ("ge_(Scalar)", x => x.clone().ge_(2).@bool())),
        Two("logical_and", ("logical_and", (x, y) => x.logical_and(y)), ("torch.logical_and", torch.logical_and),
            ("logical_and_", (x, y) => x.clone().logical_and_(y)), ("torch.logical_and_", (x, y) => torch.logical_and_(x.clone(), y)), ("op_BitwiseAnd", (x, y) => x & y)),
        Two("logical_or", ("logical_or", (x, y) => x.logical_or(y)), ("torch.logical_or", torch.logical_or),
            ("logical_or_", (x, y) => x.clone().logical_or_(y)), ("torch.logical_or_", (x, y) => torch.logical_or_(x.clone(), y)), ("op_BitwiseOr", (x, y) => x | y)),
        Two("logical_xor", ("logical_xor", (x, y) => x.logical_xor(y)), ("torch.logical_xor", torch.logical_xor),
            ("logical_xor_", (x, y) => x.clone().logical_xor_(y)), ("torch.logical_xor_", (x, y) => torch.logical_xor_(x.clone(), y)), ("op_ExclusiveOr", (x, y) => x ^ y)),
        Two("bitwise_and", ("bitwise_and", (x, y) => x.bitwise_and(y)), ("torch.bitwise_and", torch.bitwise_and), ("op_BitwiseAnd", (x, y) => x & y),
            ("bitwise_and_", (x, y) => x.clone().bitwise_and_(y)), ("torch.bitwise_and_", (x, y) => torch.bitwise_and_(x.clone(), y))),
        Two("bitwise_or", ("bitwise_or", (x, y) => x.bitwise_or(y)), ("torch.bitwise_or", torch.bitwise_or), ("op_BitwiseOr", (x, y) => x | y),
            ("bitwise_or_", (x, y) => x.clone().bitwise_or_(y)), ("torch.bitwise_or_", (x, y) => torch.bitwise_or_(x.clone(), y))),
        Two("bitwise_xor", ("bitwise_xor", (x, y) => x.bitwise_xor(y)), ("torch.bitwise_xor", torch.bitwise_xor), ("op_ExclusiveOr", (x, y) => x ^ y),
            ("bitwise_xor_", (x, y) => x.clone().bitwise_xor_(y)), ("torch.bitwise_xor_", (x, y) => torch.bitwise_xor_(x.clone(), y))),
        Two("isclose", ("isclose", (x, y) => x.isclose(y, 0, 0.1)), ("torch.isclose", (x, y) => torch.isclose(x, y, 0, 0.1))),
        Two("isclose_nan", ("isclose(nan)", (x, y) => x.isclose(y, nanEqual: true)), ("torch.isclose(nan)", (x, y) => torch.isclose(x, y, nanEqual: true))),
    ];
}
