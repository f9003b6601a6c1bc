using TorchSharp.Interop;

namespace TorchSharp.Modules;

/// <summary>What all optimizers share: groups, gradients set to zero, and a state that survives the process.</summary>
public abstract class OptimizerHelper : torch.optim.Optimizer
{
    private const string Magic = "torch-optimizer/1";

    private readonly Dictionary<Parameter, ParameterState> _states = new(ReferenceEqualityComparer.Instance);

    public OptimizerHelper()
    {
    }

    private protected abstract OptimizerOptions Defaults { get; }

    public override IEnumerable<Parameter> parameters() => Groups.SelectMany(static group => group.Parameters);

    public override void zero_grad()
    {
        var list = new TensorList(parameters(), nameof(parameters));
        var status = Native.ts_zero_grad(list.Handles, list.Count);
        GC.KeepAlive(list);
        status.Check();
    }

    /// <exception cref="ArgumentException">A parameter is in another group already, or the settings are of another optimizer.</exception>
    public override void add_param_group(ParamGroup param_group)
    {
        ArgumentNullException.ThrowIfNull(param_group);
        param_group.Options ??= (OptimizerOptions)Activator.CreateInstance(Defaults.GetType())!;
        if (param_group.Options.GetType() != Defaults.GetType())
        {
            throw new ArgumentException(
                $"Expected settings of type {Defaults.GetType()}, got {param_group.Options.GetType()}.", nameof(param_group));
        }

        param_group.Options.FillFrom(Defaults);
        Parameter[] members = [.. param_group.Parameters];
        if (members.Any(_states.ContainsKey) || members.Distinct(ReferenceEqualityComparer.Instance).Count() != members.Length)
        {
            throw new ArgumentException("A parameter appears in more than one parameter group, or twice in one.", nameof(param_group));
        }

        param_group.Parameters = members;
        foreach (var parameter in members)
        {
            _states.Add(parameter, NewState(parameter, param_group.Options));
        }

        Groups.Add(param_group);
    }

    /// <summary>One step over every group that has gradients.</summary>
    private protected torch.Tensor? StepGroups(Func<torch.Tensor>? closure)
    {
        torch.Tensor? loss = null;
        if (closure is not null)
        {
            using var recorded = torch.enable_grad();
            loss = closure();
        }

        foreach (var group in Groups)
        {
            var trained = group.Parameters.Where(static parameter => HasGradient(parameter)).ToArray();
            if (trained.Length > 0)
            {
                Step(trained, Array.ConvertAll(trained, parameter => _states[parameter]), group.Options);
            }
        }

        return loss;
    }

    /// <summary>Writes the state beside its place first, so that a crash leaves the old file or the new one.</summary>
    public void save_state_dict(string location)
    {
        var draft = location + ".part";
        using (var writer = new BinaryWriter(File.Create(draft)))
        {
            save_state_dict(writer);
        }

        File.Move(draft, location, overwrite: true);
    }

    public void save_state_dict(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(Magic);
        writer.Write(GetType().Name);
        writer.Write(Groups.Count);
        foreach (var group in Groups)
        {
            group.Options.Save(writer);
            writer.Write(group.Parameters.Count());
            foreach (var parameter in group.Parameters)
            {
                _states[parameter].Save(writer);
            }
        }
    }

    public void load_state_dict(string location)
    {
        using var reader = new BinaryReader(File.OpenRead(location));
        load_state_dict(reader);
    }

    /// <summary>Reads what <see cref="save_state_dict(BinaryWriter)"/> wrote for the same parameters in the same order.</summary>
    /// <exception cref="InvalidDataException">It is no such state, or that of other parameters.</exception>
    public void load_state_dict(BinaryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        using var scope = torch.NewDisposeScope();
        try
        {
            // All of it is read and checked before any of it is put in place.
            Read(reader).ForEach(static apply => apply());
        }
        catch (EndOfStreamException)
        {
            throw new InvalidDataException("The optimizer's state does not fit: it ends too early.");
        }
    }

    internal static void Expect<T>(string what, T expected, T found)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, found))
        {
            throw new InvalidDataException($"The optimizer's state does not fit: {what} is {found}, expected {expected}.");
        }
    }

    private protected abstract ParameterState NewState(Parameter parameter, OptimizerOptions options);

    private protected abstract void Step(Parameter[] parameters, ParameterState[] states, OptimizerOptions options);

    private protected void DisposeStates()
    {
        foreach (var state in _states.Values)
        {
            state.Dispose();
        }

        _states.Clear();
    }

    private List<Action> Read(BinaryReader reader)
    {
        Expect("format", Magic, reader.ReadString());
        Expect("optimizer", GetType().Name, reader.ReadString());
        Expect("number of groups", Groups.Count, reader.ReadInt32());
        var changes = new List<Action>();
        foreach (var group in Groups)
        {
            changes.Add(group.Options.Read(reader));
            Expect("number of parameters", group.Parameters.Count(), reader.ReadInt32());
            changes.AddRange(group.Parameters.Select(parameter => _states[parameter].Read(reader)));
        }

        return changes;
    }

    private static bool HasGradient(Parameter parameter)
    {
        bool has = Native.ts_has_grad(parameter.Handle);
        GC.KeepAlive(parameter);
        return has;
    }
}
