using DasSearch.Core;

namespace DasSearch.Controller;

/// <summary>Lists sets of m modules by the sum of their scores, the best first, as far as they are asked for.</summary>
/// <remarks>
/// With modules sorted by score, every set but the best comes of a better or equal one by moving one module to the next
/// place; a heap of the sets found so far gives them in order (Lawler, Management Science 18, 1972).
/// </remarks>
internal static class BestSets
{
    /// <summary>All sets; of equal sums in an order that scores and modules determine.</summary>
    /// <param name="scores">A score for each module, finite.</param>
    /// <param name="skip">m, from 0 to the number of modules.</param>
    internal static IEnumerable<Subnetwork> Of(IReadOnlyList<double> scores, int skip)
    {
        var n = scores.Count;
        var order = Enumerable.Range(0, n).OrderByDescending(i => scores[i]).ThenByDescending(i => i).ToArray();
        var heap = new PriorityQueue<int[], (double, long)>();
        var found = new HashSet<Subnetwork>();
        var number = 0L;
        Add(Enumerable.Range(0, skip).ToArray());
        while (heap.TryDequeue(out var places, out _))
        {
            yield return SetOf(places);
            for (var i = skip - 1; i >= 0; i--)
            {
                if (places[i] + 1 < (i + 1 < skip ? places[i + 1] : n))
                {
                    var next = places.ToArray();
                    next[i]++;
                    Add(next);
                }
            }
        }

        Subnetwork SetOf(int[] places) => new(n, places.Select(place => order[place]));

        void Add(int[] places)
        {
            if (found.Add(SetOf(places)))
            {
                heap.Enqueue(places, (-places.Sum(place => scores[order[place]]), number++));
            }
        }
    }
}
