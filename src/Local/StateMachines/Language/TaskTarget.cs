namespace CacheBackup.Local.StateMachines.Language;

/// <summary>What a Task calls.</summary>
internal abstract record TaskTarget
{
    /// <summary>As Step Functions' history has it: <c>lambda</c>, <c>aws-sdk:elasticache</c>.</summary>
    public abstract string ResourceType { get; }

    /// <summary>As Step Functions' history has it: <c>invoke</c>, <c>describeSnapshots</c>.</summary>
    public abstract string Resource { get; }

    /// <summary><c>arn:aws:states:::lambda:invoke</c>.</summary>
    public sealed record Function(string Name) : TaskTarget
    {
        public override string ResourceType => "lambda";

        public override string Resource => "invoke";
    }

    /// <summary><c>arn:aws:states:::aws-sdk:service:action</c>.</summary>
    public sealed record Service(string Name, string Action) : TaskTarget
    {
        public override string ResourceType => $"aws-sdk:{Name}";

        public override string Resource => Action;
    }
}
