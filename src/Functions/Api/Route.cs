namespace CacheBackup.Functions.Api;

/// <summary>One route.</summary>
/// <param name="Template">Segments after the first slash; <c>{name}</c> stands for any one segment.</param>
public sealed record Route(string Method, string Template, Func<ApiRequest, CancellationToken, Task<ApiResponse>> HandleAsync)
{
    private readonly string[] _segments = Template.Split('/');

    /// <summary>The placeholders' values, null where the path is another route's.</summary>
    public IReadOnlyDictionary<string, string>? Match(string[] path)
    {
        if (path.Length != _segments.Length)
        {
            return null;
        }

        Dictionary<string, string> values = [];
        for (int i = 0; i < path.Length; i++)
        {
            if (_segments[i].StartsWith('{'))
            {
                values[_segments[i][1..^1]] = Uri.UnescapeDataString(path[i]);
            }
            else if (_segments[i] != path[i])
            {
                return null;
            }
        }

        return values;
    }
}
