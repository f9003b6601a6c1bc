namespace DasSearch.Store.Rewards;

/// <summary>The statements that group a run's evidence: each gives the columns of one view, over the evaluations that count.</summary>
/// <remarks>
/// With all the evidence they give what the views give. They are not the views themselves because a view cannot take fewer
/// rounds, and because this one of layers is faster with many evaluations: these come together by subnetwork first, of which
/// there are few. The parameters are @run, @first and @last, and @skipped0, @kept0 … with a comma on either side.
/// </remarks>
internal static class RewardSql
{
    /// <summary>The evaluations that count; credit is what one counts for, as in <c>Evaluation.Credit</c>.</summary>
    /// <param name="conditions">More conditions on table evaluation, each beginning with AND.</param>
    internal static string Evidence(string conditions) => $"""
        evidence AS NOT MATERIALIZED (
          SELECT run_id, round, candidate, outcome, subnetwork, loss, reward, milliseconds, mode, batch, problem,
                 CASE outcome WHEN 'scored' THEN reward WHEN 'cancelled' THEN NULL ELSE 0.0 END AS credit
          FROM evaluation
          WHERE run_id = @run AND round BETWEEN @first AND @last{conditions})
        """;

    /// <summary>Whether a subnetwork skips the module of a parameter.</summary>
    internal static string Skips(string parameter) => $"instr(',' || subnetwork || ',', {parameter}) > 0";

    /// <summary>What a grouping selects from the evidence.</summary>
    internal static string Rows(RewardGrouping by) => by switch
    {
        RewardGrouping.Layer => Layers,
        RewardGrouping.Round => Rounds,
        RewardGrouping.Subnetwork => Subnetworks,
        RewardGrouping.Evaluation => Evaluations,
        _ => throw new ArgumentOutOfRangeException(nameof(by), by, "no such grouping"),
    };

    /// <summary>The order of a grouping's rows, which no two of them share.</summary>
    internal static IReadOnlyList<(string Column, bool Descending)> Order(RewardGrouping by) => by switch
    {
        RewardGrouping.Layer => [("module", false)],
        RewardGrouping.Round => [("round", false)],
        RewardGrouping.Subnetwork => [("mean_reward", true), ("subnetwork", false)],
        RewardGrouping.Evaluation => [("round", false), ("candidate", false)],
        _ => throw new ArgumentOutOfRangeException(nameof(by), by, "no such grouping"),
    };

    // As in the view, deviations from the first reward are squared, not rewards.
    private const string Layers = """
        WITH
          origin AS (SELECT credit FROM evidence WHERE credit IS NOT NULL ORDER BY round, candidate LIMIT 1),
          subnetwork AS (
            SELECT ',' || subnetwork || ',' AS skipped, count(*) AS n, total(d) AS d, total(d * d) AS q
            FROM (SELECT subnetwork, credit - (SELECT credit FROM origin) AS d FROM evidence WHERE credit IS NOT NULL)
            GROUP BY subnetwork),
          part AS (
            SELECT m.run_id, m.module, m.name, m.kind, m.stream, s.n, s.d, s.q, instr(s.skipped, ',' || m.module || ',') > 0 AS is_skipped
            FROM module AS m
            LEFT JOIN subnetwork AS s
            WHERE m.run_id = @run),
          whole AS (
            SELECT run_id, module, name, kind, stream,
                   coalesce(sum(n) FILTER (WHERE is_skipped), 0) AS n1,
                   total(d) FILTER (WHERE is_skipped) AS d1,
                   total(q) FILTER (WHERE is_skipped) AS q1,
                   coalesce(sum(n) FILTER (WHERE NOT is_skipped), 0) AS n0,
                   total(d) FILTER (WHERE NOT is_skipped) AS d0,
                   total(q) FILTER (WHERE NOT is_skipped) AS q0
            FROM part
            GROUP BY run_id, module)
        SELECT w.run_id, w.module, w.name, w.kind, w.stream, w.n1 AS n_skipped, w.n0 AS n_kept,
               (SELECT credit FROM origin) + w.d1 / nullif(w.n1, 0) AS mean_reward_skipped,
               (SELECT credit FROM origin) + w.d0 / nullif(w.n0, 0) AS mean_reward_kept,
               w.d1 / nullif(w.n1, 0) - w.d0 / nullif(w.n0, 0) AS difference,
               CASE WHEN w.n1 > 1 AND w.n0 > 1 THEN sqrt(
                 max(w.q1 - w.d1 * w.d1 / w.n1, 0.0) / (w.n1 - 1) / w.n1
                 + max(w.q0 - w.d0 * w.d0 / w.n0, 0.0) / (w.n0 - 1) / w.n0) END AS standard_error,
               g.gate, g.probability
        FROM whole AS w
        LEFT JOIN gate AS g ON g.run_id = w.run_id AND g.module = w.module
          AND g.round = (SELECT max(round) FROM round WHERE run_id = @run AND round BETWEEN @first AND @last)
        """;

    // Grouped before it is joined: with the rounds' bounds on both sides, SQLite would look through all of one for each of the other.
    private const string Rounds = """
        SELECT r.run_id, r.round, r.step, r.epoch, e.evaluations, e.scored, e.mean_loss, e.mean_reward, e.best_reward, r.milliseconds, r.recorded_at
        FROM (
          SELECT run_id, round, count(*) AS evaluations, count(*) FILTER (WHERE outcome = 'scored') AS scored,
                 avg(loss) AS mean_loss, avg(credit) AS mean_reward, max(credit) AS best_reward
          FROM evidence
          GROUP BY run_id, round) AS e
        JOIN round AS r ON r.run_id = e.run_id AND r.round = e.round
        """;

    private const string Subnetworks = """
        SELECT run_id, subnetwork, count(*) AS n, avg(credit) AS mean_reward, max(credit) AS best_reward,
               min(round) AS first_round, max(round) AS last_round
        FROM evidence
        WHERE credit IS NOT NULL
        GROUP BY run_id, subnetwork
        """;

    private const string Evaluations = """
        SELECT run_id, round, candidate, outcome, subnetwork, loss, reward, milliseconds, mode, batch, problem
        FROM evidence
        """;
}
