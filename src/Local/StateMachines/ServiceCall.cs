using System.Text.Json;

namespace CacheBackup.Local.StateMachines;

/// <summary>A call of <c>arn:aws:states:::aws-sdk:service:action</c>.</summary>
/// <param name="Service">The service as the ARN names it: <c>elasticache</c>.</param>
/// <param name="Action">The action as the ARN names it: <c>describeSnapshots</c>.</param>
/// <param name="Parameters">The state's evaluated <c>Parameters</c>, or its input where it has none.</param>
public sealed record ServiceCall(string Service, string Action, JsonElement Parameters);
