using System.Collections;

namespace OxyPlot;

/// <summary>The elements of one kind in a model, in their order.</summary>
/// <typeparam name="T">The kind.</typeparam>
/// <param name="parent">The model.</param>
public class ElementCollection<T>(Model parent) : IList<T>, IReadOnlyList<T>
    where T : Element
{
    private readonly List<T> _elements = [];

    /// <summary>How many there are.</summary>
    public int Count => _elements.Count;

    /// <summary>Always false.</summary>
    public bool IsReadOnly => false;

    /// <summary>The element at a place, counted from 0.</summary>
    /// <exception cref="InvalidOperationException">The new element is in a model already.</exception>
    public T this[int index]
    {
        get => _elements[index];
        set
        {
            Check(value);
            _elements[index].Parent = null;
            _elements[index] = value;
            value.Parent = parent;
        }
    }

    /// <summary>Adds an element at the end.</summary>
    /// <exception cref="InvalidOperationException">The element is in a model already.</exception>
    public void Add(T item) => Insert(Count, item);

    /// <summary>Adds an element at a place, counted from 0.</summary>
    /// <exception cref="InvalidOperationException">The element is in a model already.</exception>
    public void Insert(int index, T item)
    {
        Check(item);
        _elements.Insert(index, item);
        item.Parent = parent;
    }

    /// <summary>Takes an element out, and tells whether it was there.</summary>
    public bool Remove(T item)
    {
        var index = _elements.IndexOf(item);
        if (index >= 0)
        {
            RemoveAt(index);
        }

        return index >= 0;
    }

    /// <summary>Takes the element at a place out, counted from 0.</summary>
    public void RemoveAt(int index)
    {
        _elements[index].Parent = null;
        _elements.RemoveAt(index);
    }

    /// <summary>Takes all elements out.</summary>
    public void Clear()
    {
        _elements.ForEach(element => element.Parent = null);
        _elements.Clear();
    }

    /// <summary>Whether the element is there.</summary>
    public bool Contains(T item) => _elements.Contains(item);

    /// <summary>The place of an element, counted from 0, or -1.</summary>
    public int IndexOf(T item) => _elements.IndexOf(item);

    /// <summary>Copies the elements.</summary>
    public void CopyTo(T[] array, int arrayIndex) => _elements.CopyTo(array, arrayIndex);

    /// <summary>The elements in their order.</summary>
    public IEnumerator<T> GetEnumerator() => _elements.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static void Check(T item)
    {
        ArgumentNullException.ThrowIfNull(item);
        if (item.Parent is not null)
        {
            throw new InvalidOperationException($"The {item.GetType().Name} is in a plot already; each plot needs elements of its own.");
        }
    }
}
