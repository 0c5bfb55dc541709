using System.Text.Json;

namespace CacheBackup.Local.StateMachines.Intrinsics;

/// <summary>An intrinsic function of the language: its name, how many arguments it takes, and what it does.</summary>
internal sealed record Intrinsic(string Name, int MinimumArguments, int MaximumArguments, Func<IntrinsicArguments, JsonElement> Invoke)
{
    private const int Any = int.MaxValue;

    /// <summary>All that the runner knows. <c>States.MathRandom</c> is left out: a step that is run again must see the same values.</summary>
    public static readonly IReadOnlyDictionary<string, Intrinsic> All = new Intrinsic[]
    {
        new("States.Array", 0, Any, ArrayIntrinsics.Array),
        new("States.ArrayContains", 2, 2, ArrayIntrinsics.Contains),
        new("States.ArrayGetItem", 2, 2, ArrayIntrinsics.GetItem),
        new("States.ArrayLength", 1, 1, ArrayIntrinsics.Length),
        new("States.ArrayPartition", 2, 2, ArrayIntrinsics.Partition),
        new("States.ArrayRange", 3, 3, ArrayIntrinsics.Range),
        new("States.ArrayUnique", 1, 1, ArrayIntrinsics.Unique),
        new("States.Base64Decode", 1, 1, TextIntrinsics.Base64Decode),
        new("States.Base64Encode", 1, 1, TextIntrinsics.Base64Encode),
        new("States.Format", 1, Any, TextIntrinsics.Format),
        new("States.Hash", 2, 2, TextIntrinsics.Hash),
        new("States.JsonMerge", 3, 3, JsonIntrinsics.Merge),
        new("States.JsonToString", 1, 1, JsonIntrinsics.ToText),
        new("States.MathAdd", 2, 2, JsonIntrinsics.MathAdd),
        new("States.StringSplit", 2, 2, TextIntrinsics.Split),
        new("States.StringToJson", 1, 1, JsonIntrinsics.FromText),
        new("States.UUID", 0, 0, JsonIntrinsics.Uuid),
    }.ToDictionary(intrinsic => intrinsic.Name, StringComparer.Ordinal);
}
