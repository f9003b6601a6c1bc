using DasSearch.Core;

namespace DasSearch.Formats.Torch;

/// <summary>Reads a pickle as data: dictionaries, lists, tuples, numbers, texts and tensors. It calls nothing, and refuses every name but those of <see cref="KnownNames"/>.</summary>
/// <remarks>
/// The operations are those of protocols 2 to 5 (Python's <c>pickletools</c>) that <c>torch.save</c> writes. Whatever is read is in proportion
/// to the pickle's bytes: nothing is copied, hashed or looked into.
/// </remarks>
internal sealed class Unpickler(string source, byte[] bytes)
{
    private readonly PickleBytes _bytes = new(source, bytes);
    private readonly List<object?> _stack = [];
    private readonly Stack<int> _marks = new();
    private readonly Dictionary<long, object?> _memo = [];

    /// <exception cref="DasSearchException">It names something else, or is not sound.</exception>
    internal object? Read()
    {
        if (_bytes.Byte() != 0x80 || _bytes.Byte() is < 2 or > 5)
        {
            throw _bytes.Wrong("is of another protocol than 2 to 5");
        }

        for (var code = _bytes.Byte(); code != '.'; code = _bytes.Byte())
        {
            if (!Number(code) && !Text(code) && !Container(code) && !Memory(code) && !Name(code))
            {
                throw _bytes.Wrong($"has operation 0x{code:x2}, which no checkpoint needs");
            }
        }

        return Pop();
    }

    private bool Number(int code)
    {
        switch (code)
        {
            case 'J':
                return Push((long)_bytes.I32());
            case 'K':
                return Push((long)_bytes.Byte());
            case 'M':
                return Push((long)_bytes.U16());
            case 0x8a:
                return Push((object?)_bytes.Integer((ulong)_bytes.Byte()) ?? Inert.Value);
            case 0x8b:
                return Push((object?)_bytes.Integer(_bytes.U32()) ?? Inert.Value);
            case 'G':
                return Push(_bytes.Real());
            case 'N':
                return Push(null);
            case 0x88 or 0x89:
                return Push(code == 0x88);
            default:
                return false;
        }
    }

    private bool Text(int code)
    {
        switch (code)
        {
            case 'X':
                return Push(_bytes.Text(_bytes.U32()));
            case 0x8c or 'U':
                return Push(_bytes.Text((ulong)_bytes.Byte()));
            case 0x8d:
                return Push(_bytes.Text(_bytes.U64()));
            case 'T':
                return Push(_bytes.Text(_bytes.U32()));
            case 'C':
                return Passed((ulong)_bytes.Byte());
            case 'B':
                return Passed(_bytes.U32());
            case 0x8e or 0x96:
                return Passed(_bytes.U64());
            default:
                return false;
        }

        bool Passed(ulong length)
        {
            _ = _bytes.Take(length);
            return Push(Inert.Value);
        }
    }

    private bool Container(int code)
    {
        switch (code)
        {
            case '(':
                _marks.Push(_stack.Count);
                return true;
            case '}':
                return Push(new PickleDictionary());
            case ']' or 0x8f:
                return Push(new List<object?>());
            case ')':
                return Push(Array.Empty<object?>());
            case 't':
                return Push(Marked());
            case 0x91 or 'l':
                return Push(Marked().ToList());
            case >= 0x85 and <= 0x87:
                return Push(Last(code - 0x84));
            case 'a':
                var item = Pop();
                Top<List<object?>>("a list").Add(item);
                return true;
            case 'e' or 0x90:
                var items = Marked();
                Top<List<object?>>("a list").AddRange(items);
                return true;
            case 's':
                SetAll(Last(2));
                return true;
            case 'u':
                SetAll(Marked());
                return true;
            default:
                return false;
        }
    }

    private bool Memory(int code)
    {
        switch (code)
        {
            case 0x95:
                _ = _bytes.U64(); // how many bytes follow in one piece
                return true;
            case '0':
                _ = Pop();
                return true;
            case '1':
                _ = Marked();
                return true;
            case '2':
                return Push(Top());
            case 'q':
                return Keep(_bytes.Byte());
            case 'r':
                return Keep(_bytes.U32());
            case 0x94:
                return Keep(_memo.Count);
            case 'h':
                return Kept(_bytes.Byte());
            case 'j':
                return Kept(_bytes.U32());
            default:
                return false;
        }

        bool Keep(long number)
        {
            _memo[number] = Top();
            return true;
        }

        bool Kept(long number) => Push(_memo.TryGetValue(number, out var value) ? value : throw _bytes.Wrong($"reads place {number}, where nothing was kept"));
    }

    private bool Name(int code)
    {
        switch (code)
        {
            case 'c':
                return Push(Resolve(_bytes.Line(), _bytes.Line()));
            case 'i':
                _ = Resolve(_bytes.Line(), _bytes.Line()); // of protocol 0; refused by its name, if it can be
                return false;
            case 0x93:
                var names = Last(2);
                return Push(names is [string module, string name] ? Resolve(module, name) : throw _bytes.Wrong("has a name that is no text"));
            case 'Q':
                return Push(PickleObjects.Storage(Pop()) ?? throw _bytes.Wrong("has a storage that is none of a checkpoint's"));
            case 'R' or 0x81:
                var given = Pop();
                return Push(Make(given));
            case 'b':
                var state = Pop();
                PickleObjects.SetState(Top(), state);
                return true;
            default:
                return false;
        }
    }

    private Known Resolve(string module, string name) => KnownNames.Find($"{module}.{name}") ?? throw new DasSearchException(
        $"{source} names {module}.{name} in its pickle, which is not read, since a pickle's names can run code: save the model's state_dict, tensors by name, and nothing else");

    private object? Make(object? given)
    {
        var known = Pop() as Known ?? throw _bytes.Wrong("calls what is no name");
        return known.Role == Role.Inert
            ? Inert.Value
            : PickleObjects.Make(known, given as object?[] ?? throw _bytes.Wrong($"gives {known.Name} what is no tuple"))
                ?? throw _bytes.Wrong($"gives {known.Name} what it does not take");
    }

    private void SetAll(object?[] items)
    {
        var dictionary = Top<PickleDictionary>("a dictionary");
        if (items.Length % 2 != 0)
        {
            throw _bytes.Wrong("has a key without a value");
        }

        for (var i = 0; i < items.Length; i += 2)
        {
            dictionary.Add(items[i], items[i + 1]);
        }
    }

    private bool Push(object? value)
    {
        _stack.Add(value);
        return true;
    }

    private object? Pop() => Last(1)[0];

    private object?[] Marked()
    {
        var start = _marks.TryPop(out var mark) ? mark : throw _bytes.Wrong("ends a list that did not begin");
        return Last(_stack.Count - start);
    }

    // Takes nothing from below what a list began with.
    private object?[] Last(int count)
    {
        var start = _stack.Count - count;
        if (start < (_marks.TryPeek(out var mark) ? mark : 0))
        {
            throw _bytes.Wrong("takes what is not there");
        }

        var items = _stack.GetRange(start, count).ToArray();
        _stack.RemoveRange(start, count);
        return items;
    }

    private object? Top() => _stack.Count > 0 ? _stack[^1] : throw _bytes.Wrong("changes what is not there");

    private T Top<T>(string expected) => Top() is T value ? value : throw _bytes.Wrong($"adds to what is not {expected}");
}
