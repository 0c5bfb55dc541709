using System.Text.Json;
using System.Text.RegularExpressions;
using CacheBackup.Local.StateMachines.Paths;

namespace CacheBackup.Local.StateMachines.Language;

/// <summary>Reads one state, type by type.</summary>
internal sealed partial class StateReader(DefinitionReader definition, FieldReader fields, string name)
{
    // Step Functions' bound on times given in seconds.
    public const int MaximumSeconds = 99_999_999;

    private static readonly string[] WaitFields = ["Seconds", "SecondsPath", "Timestamp", "TimestampPath"];

    public State Read()
    {
        if (fields.Text("QueryLanguage") is { } language and not "JSONPath")
        {
            throw fields.Refuse("QueryLanguage", $"'{language}' is not implemented by the local runner, only JSONPath.");
        }

        string type = fields.RequireText("Type");
        return type switch
        {
            "Task" => WithPaths(ReadTask()),
            "Map" => WithPaths(ReadMap()),
            "Parallel" => WithPaths(ReadParallel()),
            "Pass" => WithPaths(ReadPass()),
            "Wait" => WithPaths(ReadWait()),
            "Choice" => WithPaths(ReadChoice()),
            "Succeed" => WithPaths(new SucceedState { Name = name }),
            "Fail" => ReadFail(),
            _ => throw fields.Refuse("Type", $"'{type}' is not a state type that the local runner implements."),
        };
    }

    private State WithPaths(State state) => state with
    {
        InputPath = fields.NullablePath("InputPath", PathExpression.Root),
        OutputPath = fields.NullablePath("OutputPath", PathExpression.Root),
    };

    /// <summary>Exactly one of <c>Next</c> and <c>"End": true</c>.</summary>
    private string? Next()
    {
        string? next = fields.Text("Next");
        bool ends = fields.Boolean("End") ?? false;
        return (next is null) == ends ? next : throw fields.Refuse(next is null ? "Next" : "End", "exactly one of Next and \"End\": true must be there.");
    }

    private TaskState ReadTask()
    {
        string resource = fields.RequireText("Resource");
        (int? seconds, PathExpression? path) = (fields.Integer("TimeoutSeconds", 1, MaximumSeconds), fields.SinglePath("TimeoutSecondsPath"));
        if (seconds is not null && path is not null)
        {
            throw fields.Refuse("TimeoutSecondsPath", "stands beside TimeoutSeconds: one of the two.");
        }

        TaskState task;
        if (resource == "arn:aws:states:::lambda:invoke")
        {
            task = ReadInvoke();
        }
        else if (ServiceResource().Match(resource) is { Success: true } service)
        {
            task = new TaskState
            {
                Name = name,
                Target = new TaskTarget.Service(service.Groups[1].Value, service.Groups[2].Value),
                Parameters = fields.Template("Parameters"),
            };
        }
        else
        {
            throw fields.Refuse("Resource", $"'{resource}' is neither 'arn:aws:states:::lambda:invoke' nor 'arn:aws:states:::aws-sdk:service:action'.");
        }

        return WithRetry(task with { Next = Next(), TimeoutSeconds = seconds, TimeoutSecondsPath = path });
    }

    private TaskState ReadInvoke()
    {
        FieldReader parameters = fields.Inside("Parameters", fields.Require("Parameters"));
        string function = parameters.RequireText("FunctionName");
        Match placeholder = Placeholder().Match(function);
        if (parameters.Has("Payload") && parameters.Has("Payload.$"))
        {
            throw parameters.Refuse("Payload", "stands beside Payload.$: one of the two.");
        }

        PayloadTemplate? payload = parameters.Template("Payload")
            ?? (parameters.Expression("Payload.$") is { } expression ? PayloadTemplate.OfExpression(expression, "Parameters.Payload.$") : null)
            ?? PayloadTemplate.Parse(Json.JsonBuild.EmptyObject, "Parameters.Payload");
        parameters.RefuseTheRest();
        return new TaskState
        {
            Name = name,
            Target = new TaskTarget.Function(placeholder.Success ? placeholder.Groups[1].Value : function),
            Parameters = payload,
        };
    }

    private MapState ReadMap()
    {
        FieldReader processor = fields.Inside("ItemProcessor", fields.Require("ItemProcessor"));
        if (processor.Take("ProcessorConfig") is { } configuration)
        {
            FieldReader config = processor.Inside("ProcessorConfig", configuration);
            if (config.Text("Mode") is { } mode and not "INLINE")
            {
                throw config.Refuse("Mode", $"'{mode}' is not implemented by the local runner, only INLINE.");
            }

            config.RefuseTheRest();
        }

        StateScope scope = definition.ReadScope(processor, isInsideMap: true);
        processor.RefuseTheRest();
        (int? concurrency, PathExpression? path) = (fields.Integer("MaxConcurrency", 0, int.MaxValue), fields.SinglePath("MaxConcurrencyPath"));
        if (concurrency is not null && path is not null)
        {
            throw fields.Refuse("MaxConcurrencyPath", "stands beside MaxConcurrency: one of the two.");
        }

        return WithRetry(new MapState
        {
            Name = name,
            Next = Next(),
            Processor = scope,
            ItemsPath = fields.Path("ItemsPath") ?? PathExpression.Root,
            ItemSelector = fields.Template("ItemSelector", hasMapItem: true),
            MaxConcurrency = concurrency ?? 0,
            MaxConcurrencyPath = path,
        });
    }

    private ParallelState ReadParallel()
    {
        IReadOnlyList<JsonElement> branches = fields.Elements("Branches");
        List<StateScope> scopes = [];
        for (int i = 0; i < branches.Count; i++)
        {
            FieldReader branch = fields.Inside($"Branches[{i}]", branches[i]);
            scopes.Add(definition.ReadScope(branch, fields.IsInsideMap));
            branch.RefuseTheRest();
        }

        return WithRetry(new ParallelState
        {
            Name = name,
            Next = Next(),
            Branches = scopes,
            Parameters = fields.Template("Parameters"),
        });
    }

    private T WithRetry<T>(T state)
        where T : RetryableState => state with
        {
            ResultSelector = fields.Template("ResultSelector"),
            ResultPath = fields.ResultPath(),
            Retry = RetryReader.ReadRetry(fields),
            Catch = RetryReader.ReadCatch(fields),
        };

    private PassState ReadPass()
    {
        if (fields.Has("Result") && fields.Has("Parameters"))
        {
            throw fields.Refuse("Parameters", "stands beside Result, which would hide it.");
        }

        return new PassState
        {
            Name = name,
            Next = Next(),
            Result = fields.Take("Result"),
            Parameters = fields.Template("Parameters"),
            ResultPath = fields.ResultPath(),
        };
    }

    private WaitState ReadWait()
    {
        string[] given = [.. WaitFields.Where(fields.Has)];
        if (given.Length != 1)
        {
            throw fields.Refuse("Seconds", "exactly one of Seconds, SecondsPath, Timestamp and TimestampPath must be there.");
        }

        DateTimeOffset until = default;
        if (fields.Text("Timestamp") is { } timestamp && !Timestamps.TryParse(timestamp, out until))
        {
            throw fields.Refuse("Timestamp", "must be a timestamp such as 2026-01-31T06:00:00Z.");
        }

        return new WaitState
        {
            Name = name,
            Next = Next(),
            Seconds = fields.Integer("Seconds", 0, MaximumSeconds),
            SecondsPath = fields.SinglePath("SecondsPath"),
            Timestamp = given[0] == "Timestamp" ? until : null,
            TimestampPath = fields.SinglePath("TimestampPath"),
        };
    }

    private ChoiceState ReadChoice()
    {
        IReadOnlyList<JsonElement> choices = fields.Elements("Choices");
        return new ChoiceState
        {
            Name = name,
            Choices = [.. choices.Select((rule, i) => ConditionReader.ReadRule(fields.Inside($"Choices[{i}]", rule)))],
            Default = fields.Text("Default"),
        };
    }

    private FailState ReadFail()
    {
        var fail = new FailState
        {
            Name = name,
            Error = fields.Text("Error"),
            ErrorPath = fields.Expression("ErrorPath"),
            Cause = fields.Text("Cause"),
            CausePath = fields.Expression("CausePath"),
        };
        if (fail is { Error: not null, ErrorPath: not null } or { Cause: not null, CausePath: not null })
        {
            throw fields.Refuse("ErrorPath", "a fixed text and a path for the same thing: one of the two.");
        }

        return fail;
    }

    [GeneratedRegex(@"^arn:aws:states:::aws-sdk:([a-z0-9]+):([a-z][A-Za-z0-9]*)\z", RegexOptions.CultureInvariant)]
    private static partial Regex ServiceResource();

    [GeneratedRegex(@"^\$\{([A-Za-z0-9_]+)\}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Placeholder();
}
