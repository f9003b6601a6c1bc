using System.Text.Json.Serialization;
using DasSearch.Core.Configuration;
using DasSearch.Data.Tasks;

namespace DasSearch.Data.Folders;

/// <summary>VQAv2 (Goyal et al., arXiv:1612.00837): questions about photos of COCO, each answered by ten people.</summary>
/// <remarks>
/// Answers are the majority's that occur often enough in both files, made comparable, in the order in which they first occur (papers' part A.8): 3,129 of
/// them. One is as right as people gave it: 0.3, 0.6, 0.9 and 1 for one, two, three and more of them, whose answers are looked up as they are. The
/// last 1,000 photos of val, by their numbers, are the validation split, the 1,000 before them the test, and everything else is trained on: what the
/// papers' test server holds nobody can score here.
/// </remarks>
internal sealed class Vqa2Folder : IDataFolder
{
    private const int Photos = 1000;
    private const int Often = 9;

    private static readonly float[] _scores = [0, 0.3f, 0.6f, 0.9f, 1];
    private static readonly string[] _files = ["train2014", "val2014"];

    public string Layout =>
        "v2_OpenEnded_mscoco_train2014_questions.json, v2_mscoco_train2014_annotations.json, the same two of val2014, and the photos in train2014/ and val2014/";

    public FolderSamples Read(DataRoot root, DataConfig settings, Findings findings)
    {
        var asked = _files.Select(file => Read(root, file, findings)).ToList();
        var vocabulary = Vocabulary(asked.SelectMany(static file => file.Majority), settings.FewestAnswers ?? Often);
        var held = HeldOut(asked[1].Questions, settings.HeldOut ?? Photos);
        var splits = Enum.GetValues<Split>().Select(static _ => new List<FolderSample>()).ToArray();
        foreach (var (file, (questions, _)) in asked.Index())
        {
            var photos = new Dictionary<int, string[]>();
            foreach (var (question, annotation) in questions)
            {
                if (!photos.TryGetValue(question.ImageId, out var photo))
                {
                    photos.Add(question.ImageId, photo = [$"{_files[file]}/COCO_{_files[file]}_{question.ImageId:D12}.jpg"]);
                }

                if (Sample(question, annotation, photo, vocabulary, findings) is { } sample)
                {
                    splits[file == 1 ? (int)held.GetValueOrDefault(question.ImageId, Split.Train) : 0].Add(sample);
                }
            }
        }

        return new FolderSamples(TaskKind.Answering, [.. vocabulary.OrderBy(static entry => entry.Value).Select(static entry => entry.Key)], Pictures: 1, splits);
    }

    private static FolderSample? Sample(Question question, Annotation annotation, string[] photo, Dictionary<string, int> vocabulary, Findings findings)
    {
        var counts = new SortedDictionary<int, int>();
        foreach (var answer in annotation.Answers.OfType<PersonsAnswer>().Select(static person => person.Answer))
        {
            if (vocabulary.TryGetValue(answer, out var index))
            {
                counts[index] = counts.GetValueOrDefault(index) + 1;
            }
            else
            {
                findings.Note("answers of a person that are not in the vocabulary", answer);
            }
        }

        if (counts.Count == 0)
        {
            findings.Note("questions without an answer of the vocabulary, left aside", $"{question.QuestionId}");
            return null;
        }

        return new FolderSample(photo, question.Text, counts.MaxBy(static entry => entry.Value).Key)
        {
            Scores = [.. counts.Select(static entry => new AnswerScore(entry.Key, _scores[Math.Min(entry.Value, _scores.Length - 1)]))],
        };
    }

    // The questions of a file with what people said, in the file's order.
    private static Asked Read(DataRoot root, string file, Findings findings)
    {
        var questions = JsonTable.Read<QuestionFile>(root.Table([$"v2_OpenEnded_mscoco_{file}_questions.json"]), "questions of VQAv2").Questions.OfType<Question>();
        var annotated = JsonTable.Read<AnnotationFile>(root.Table([$"v2_mscoco_{file}_annotations.json"]), "annotations of VQAv2").Annotations.OfType<Annotation>().ToList();
        var annotations = new Dictionary<long, Annotation>();
        foreach (var annotation in annotated)
        {
            if (!annotations.TryAdd(annotation.QuestionId, annotation))
            {
                findings.Fault("questions that are annotated twice", $"{annotation.QuestionId}");
            }
        }

        var asked = new List<(Question, Annotation)>();
        foreach (var question in questions)
        {
            if (question.ImageId < 0)
            {
                findings.Fault("photos with a negative number", $"{question.ImageId}");
            }
            else if (annotations.Remove(question.QuestionId, out var annotation))
            {
                asked.Add((question, annotation));
            }
            else
            {
                findings.Fault("questions without annotation", $"{question.QuestionId}");
            }
        }

        foreach (var rest in annotations.Keys.Order())
        {
            findings.Fault("annotations without question", $"{rest}");
        }

        return new Asked(asked, [.. annotated.Select(static annotation => annotation.MultipleChoiceAnswer)]);
    }

    private static Dictionary<string, int> Vocabulary(IEnumerable<string> majority, int fewest)
    {
        var (counts, order) = (new Dictionary<string, int>(StringComparer.Ordinal), new List<string>());
        foreach (var answer in majority.Select(AnswerWords.Normalised))
        {
            if (!counts.TryAdd(answer, 1))
            {
                counts[answer]++;
            }
            else
            {
                order.Add(answer);
            }
        }

        return order.Where(answer => counts[answer] >= fewest).Index().ToDictionary(static entry => entry.Item, static entry => entry.Index, StringComparer.Ordinal);
    }

    private static Dictionary<int, Split> HeldOut(IReadOnlyList<(Question Question, Annotation Annotation)> asked, int photos)
    {
        var all = asked.Select(static entry => entry.Question.ImageId).Distinct().OrderDescending().ToList();
        return all.Count >= 2L * photos
            ? all.Take(2 * photos).Index().ToDictionary(static photo => photo.Item, photo => photo.Index < photos ? Split.Validation : Split.Test)
            : throw new ConfigException("data.held_out", $"must be at most {all.Count / 2}, half of the {all.Count} photos of val2014 that are asked about, not {photos}");
    }

    /// <summary>A file's questions with what people said, and the answers of most people, in the order of their own file.</summary>
    private sealed record Asked(IReadOnlyList<(Question Question, Annotation Annotation)> Questions, IReadOnlyList<string> Majority);

    private sealed record QuestionFile(IReadOnlyList<Question> Questions);

    private sealed record Question(int ImageId, long QuestionId, [property: JsonPropertyName("question")] string Text);

    private sealed record AnnotationFile(IReadOnlyList<Annotation> Annotations);

    private sealed record Annotation(long QuestionId, string MultipleChoiceAnswer, IReadOnlyList<PersonsAnswer> Answers);

    private sealed record PersonsAnswer(string Answer);
}
